import type { ChildProcess } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startChild, told } from '../scale/child.mts';
import { type Growth, MAX_EXPONENT, MAX_GROWTH_BEYOND, MIN_EXPONENT, table } from './growth.mts';
import type { Measured } from './growthChild.mts';
import { STREAMS } from './worstStreams.mts';
import { TEXTS } from './worstTexts.mts';

/**
 * Collections happen between the measurements, and in this thread, so that their time is not that of a parser:
 * the young generation holds all that one reading leaves.
 */
const FLAGS = [
	'--expose-gc',
	'--single-threaded-gc',
	'--min-semi-space-size=256',
	'--max-semi-space-size=256',
];
/** A limit is noticed within a piece of the body (16 kB). */
const MAX_BEYOND = 1.3;
/** What a compiler decided, and where memory lies, stays with a process: so what is out of bounds is measured in others. */
const PROCESSES = 5;
/** In ms: what is measured is CPU time, however long a busy machine takes for it. */
const GUARD = 900_000;

let child: ChildProcess;
const growths: Array<Growth & { parser: string }> = [];

beforeAll(restart);
afterAll(() => {
	child.kill();
	console.log(`\n${table(growths)}\n`);
});

async function restart(): Promise<void> {
	child?.kill();
	child = startChild('../attacks/growthChild.mts', [], FLAGS);
	await told(child);
}

/** Of several processes the one that comes nearest to the bounds: what is not linear is out of them in all. */
async function measured(parser: string): Promise<Measured> {
	let nearest = await measuredOnce(parser);
	for (let processes = 1; processes < PROCESSES && beyondBounds(nearest) > 0; processes++) {
		await restart();
		const next = await measuredOnce(parser);
		if (beyondBounds(next) < beyondBounds(nearest)) nearest = next;
	}
	return nearest;
}

async function measuredOnce(parser: string): Promise<Measured> {
	child.send(parser);
	return await told<Measured>(child);
}

/** How far. */
function beyondBounds({ growth: { exponent }, growthBeyond = 0 }: Measured): number {
	return Math.max(
		0,
		exponent - MAX_EXPONENT,
		MIN_EXPONENT - exponent,
		growthBeyond - MAX_GROWTH_BEYOND,
	);
}

describe(
	'what takes more than linear time is found, however often it is measured',
	{ timeout: GUARD },
	() => {
		test('n is linear', async () => {
			const { growth } = await measured('n');
			expect(growth.exponent).toBeGreaterThan(0.95);
			expect(growth.exponent).toBeLessThanOrEqual(MAX_EXPONENT);
		});

		test.each([
			['n log n log n', 1.15],
			['n^1.25', 1.2],
			['n^2', 1.9],
		])('%s is not', async (parser, least) => {
			const { growth } = await measured(parser);
			expect(growth.exponent).toBeGreaterThan(least);
		});
	},
);

describe('the time of a parser grows with the size of its worst input, not faster', () => {
	test.each([...STREAMS, ...TEXTS])(
		'$parser',
		async ({ parser, limit }) => {
			const { growth, taken, beyondLimit, growthBeyond } = await measured(parser);
			growths.push({ ...growth, parser });
			expect(growth.exponent).toBeLessThanOrEqual(MAX_EXPONENT);
			expect(growth.exponent).toBeGreaterThan(MIN_EXPONENT);
			if (taken !== undefined) expect(taken).toBe(1);
			if (limit === undefined) return;
			if (taken === undefined) expect(growthBeyond).toBeLessThan(MAX_GROWTH_BEYOND);
			else expect(beyondLimit).toBeLessThan(MAX_BEYOND);
		},
		GUARD,
	);
});
