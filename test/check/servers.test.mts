import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SERVERS } from '../../dev/servers/index.mts';
import { type Habit, SCRIPTS, writeTinyModel } from '../../dev/servers/tinyModel.mts';

const HABITS: Habit[] = ['answers', 'calls tools', 'thinks', 'never ends'];

describe('The tiny models for real servers', () => {
	let folder = '';
	beforeAll(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-tiny-'));
	});
	afterAll(async () => await rm(folder, { recursive: true }));

	async function written(habit: Habit, script?: readonly string[]): Promise<Buffer> {
		const file = path.join(folder, 'tiny.gguf');
		await writeTinyModel(file, 'a template', habit, script);
		return await readFile(file);
	}

	it.each(HABITS)('are GGUF files of half a megabyte, each time the same: %s', async (habit) => {
		const model = await written(habit);
		expect(model.subarray(0, 8)).toEqual(Buffer.from('GGUF\x03\0\0\0', 'latin1'));
		expect(model.length).toBeGreaterThan(400_000);
		expect(model.length).toBeLessThan(600_000);
		expect(await written(habit)).toEqual(model);
	});

	it('hold the pieces of a script as tokens of their own', async () => {
		const script = SCRIPTS['calls tools']!;
		const model = await written('calls tools', script);
		for (const piece of script) expect(model.includes(piece), piece).toBe(true);
	});
});

it('The page of servers names every recipe', async () => {
	const page = await readFile(path.resolve(import.meta.dirname, '../../docs/servers.md'), 'utf8');
	for (const { label } of SERVERS) expect(page).toContain(label);
});
