/** Asked for a parser by its name, tells how its time grows. Needs --expose-gc. */
import {
	type Growth,
	limited,
	MAX_EXPONENT,
	MAX_GROWTH_BEYOND,
	measure,
	MIN_EXPONENT,
	SIZES,
	type WorstCase,
} from './growth.mts';
import { STREAMS } from './worstStreams.mts';
import { TEXTS } from './worstTexts.mts';

export interface Measured {
	growth: Growth;
	/** Which share of the largest input was taken: 1 for all of it. Undefined where it is a text at hand. */
	taken: unknown;
	/** How many times its limit was taken of an input four times as long. */
	beyondLimit: number | undefined;
	/** The exponent of sizes beyond the limit of a text at hand: 0 where what is beyond is not looked at. */
	growthBeyond: number | undefined;
}

/** Beyond its limit, by a factor of so much. */
const BEYOND = 4;

/** Functions of which it is known how they grow: for a test of the measure itself. */
const KNOWN: WorstCase[] = (
	[
		['n', (n) => 400 * n],
		['n log n log n', (n) => n * Math.log2(n) ** 2],
		['n^1.25', (n) => 12 * n ** 1.25],
		['n^2', (n) => n ** 2 / 100],
	] as Array<[string, (n: number) => number]>
).map(([parser, steps]) => ({
	parser,
	prepare: (size) => () => work(steps(size / 1024)),
	least: 0.95,
}));

/** Of a length that does not depend on caches. */
function work(steps: number): number {
	let sum = 0;
	for (let step = 0; step < steps; step++) sum = (sum * 31 + step) | 0;
	return sum;
}

process.on('message', (parser: string) => {
	const found = [...KNOWN, ...STREAMS, ...TEXTS].find((worst) => worst.parser === parser);
	if (found === undefined) throw new Error(`There is no parser '${parser}'`);
	void measured(found).then((result) => process.send?.(result));
});
process.send?.('ready');

async function measured({ prepare, limit, least = MIN_EXPONENT }: WorstCase): Promise<Measured> {
	const sizes = limit === undefined ? SIZES : limited(limit);
	const growth = await measure(prepare, sizes, { least, most: MAX_EXPONENT });
	const taken = await prepare(sizes.at(-1) ?? 0)();
	const nothing = { growth, taken, beyondLimit: undefined, growthBeyond: undefined };
	if (limit === undefined) return nothing;
	if (taken !== undefined) {
		return { ...nothing, beyondLimit: BEYOND * Number(await prepare(BEYOND * limit)()) };
	}
	const larger = await measure(
		prepare,
		[2, 4, 8, 16].map((times) => times * limit),
		{ least: -Infinity, most: MAX_GROWTH_BEYOND },
	);
	return { ...nothing, growthBeyond: larger.exponent };
}
