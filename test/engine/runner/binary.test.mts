import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { chain } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith } = useRunner();

describe('binary data', () => {
	const fileSketch = (content: string, streamed = '') => ({
		name: 'File',
		type: 'file',
		parameters: { content, streamed },
	});

	test.each(['', 'yes'])('is stored as a file and read back (streamed: "%s")', async (streamed) => {
		const engine = await engineWith();
		const readBack = { name: 'Read', type: 'readFile' };
		const run = await engine.run(chain(fileSketch('content', streamed), readBack));
		const [item] = run.items('File');

		expect(item?.binary?.data).toMatchObject({ data: 'filesystem-v2', fileName: 'note.txt' });
		expect((await run.binary(item!)).toString()).toBe('content');
		expect(await text(await run.binaryStream(item!))).toBe('content');
		expect(run.items('Read')[0]?.json).toEqual({ content: 'content' });
		expect(() => run.binary(item!, 'other')).toThrow('no binary property "other". Present: data');
	});

	test('stays in the item in default mode', async () => {
		const engine = await engineWith({ binaryDataMode: 'default' });
		const run = await engine.run(chain(fileSketch('content')));
		const [item] = run.items('File');
		expect(item?.binary?.data?.id).toBeUndefined();
		expect(await text(await run.binaryStream(item!))).toBe('content');
	});

	test('of two engines running at once lies in two folders', async () => {
		const folders = await Promise.all(['a', 'b'].map((name) => mkdtemp(join(tmpdir(), name))));
		const runs = await Promise.all(
			folders.map(async (userFolder) => {
				const engine = await engineWith({ userFolder });
				return await engine.run(chain(fileSketch(userFolder)));
			}),
		);
		for (const [index, folder] of folders.entries()) {
			const run = runs[index]!;
			expect((await run.binary(run.items('File')[0]!)).toString()).toBe(folder);
			const files = await readdir(join(folder, '.n8n', 'storage'), { recursive: true });
			expect(files.filter((file) => file.endsWith('.metadata'))).toHaveLength(1);
			await rm(folder, { recursive: true });
		}
	});

	test('is gone after close, unless the folder was chosen', async () => {
		// Engines of other test files come and go in the shared folder at the same time.
		const temporary = await mkdtemp(join(tmpdir(), 'own-'));
		vi.stubEnv('TMPDIR', temporary);
		onTestFinished(async () => {
			vi.unstubAllEnvs();
			await rm(temporary, { recursive: true });
		});
		const before = await readdir(tmpdir());
		const engine = await engineWith();
		const run = await engine.run(chain(fileSketch('content')));
		const item = run.items('File')[0]!;
		await engine.close();
		await expect(run.binary(item)).rejects.toThrow();
		const left = (await readdir(tmpdir())).filter((name) => name.startsWith('n8n-engine-'));
		expect(left).toEqual(before.filter((name) => name.startsWith('n8n-engine-')));

		const userFolder = await mkdtemp(join(tmpdir(), 'chosen-'));
		const keeping = await engineWith({ userFolder });
		await keeping.close();
		expect(existsSync(userFolder)).toBe(true);
		await rm(userFolder, { recursive: true });
	});
});
