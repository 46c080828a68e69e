/** How the time of a parser grows with its input, in a process with nothing else to do (see growthChild.mts). */
const MEGABYTE = 1024 * 1024;
export const SIZES = [1, 2, 4, 8].map((megabytes) => megabytes * MEGABYTE);
/** The bound of the exponent: with 1.1 a parser takes 9.8 times as long for 8 times its input. */
export const MAX_EXPONENT = 1.1;
/** Less is a constant: then an input was refused early, and nothing was measured. */
export const MIN_EXPONENT = 0.5;
/** What is beyond the limit of a text may still be searched for its end by native code. */
export const MAX_GROWTH_BEYOND = 0.3;
/** Of CPU time, in ms: what takes less is repeated, as the clock and the compiler would be measured. */
const MIN_TIME = 30;
const MIN_ROUNDS = 1;
/** At least so many, and for so long (in ms), while the exponent is out of bounds. */
const MORE_ROUNDS = 12;
const MORE_TIME = 3_000;

export interface Growth {
	/** In bytes. */
	sizes: number[];
	/** The least CPU time that reading an input of each size took, in ms. */
	times: number[];
	/** The slope of time against size, both as logarithms: 1 is linear, 2 quadratic. */
	exponent: number;
	/** How often all sizes were measured. */
	rounds: number;
}

/** A parser with the input that costs it most. */
export interface WorstCase {
	parser: string;
	/** Makes an input of about so many bytes. @returns what reads it, and tells which share of it was taken */
	prepare: (size: number) => Reader;
	/** The parser refuses, or leaves unread, what is beyond so many bytes. */
	limit?: number;
	/** Its exponent, if more than MIN_EXPONENT is certain. */
	least?: number;
}

/** What it returns is waited for. */
type Reader = () => unknown;

/**
 * Measures CPU time, so that waiting for a busy machine does not count. What is left of its noise (caches that others
 * emptied, interrupts) only ever adds time, to a large input or to a small one: so for each size the least of several
 * rounds counts, and rounds are added while the exponent is out of bounds. The minima tend towards the true times, and
 * those of a parser that takes more than linear time have a larger exponent, however many rounds there are.
 */
export async function measure(
	prepare: (size: number) => Reader,
	sizes: readonly number[],
	{ least, most }: { least: number; most: number },
): Promise<Growth> {
	const outOfBounds = (exponent: number) => exponent < least || exponent > most;
	const readers = sizes.map(prepare);
	const warmUp = prepare((sizes[0] ?? 0) / 4);
	const repeats: number[] = [];
	const times: number[] = [];
	for (const read of readers) {
		const time = await timeOf(read, 1, warmUp);
		repeats.push(Math.ceil(MIN_TIME / Math.max(0.1, time)));
		times.push(time < MIN_TIME ? Infinity : time);
	}
	const start = Date.now();
	const mayGoOn = () => rounds < MORE_ROUNDS || Date.now() - start < MORE_TIME;
	let rounds = 0;
	while (rounds < MIN_ROUNDS || (outOfBounds(slope(sizes, times)) && mayGoOn())) {
		rounds++;
		for (const [index, read] of readers.entries()) {
			const time = await timeOf(read, repeats[index] ?? 1, warmUp);
			times[index] = Math.min(times[index] ?? Infinity, time);
		}
	}
	return { sizes: [...sizes], times, exponent: slope(sizes, times), rounds };
}

/** Of one reading, in ms of CPU time. */
async function timeOf(read: Reader, repeats: number, warmUp: Reader): Promise<number> {
	globalThis.gc?.();
	// A collection also throws code away that the compiler made.
	await warmUp();
	const start = process.cpuUsage();
	for (let count = 0; count < repeats; count++) await read();
	const { user, system } = process.cpuUsage(start);
	return (user + system) / 1000 / repeats;
}

/** By least squares. */
function slope(sizes: readonly number[], times: readonly number[]): number {
	const points = times.map((time, index) => ({
		x: Math.log2(sizes[index] ?? 1),
		y: Math.log2(time),
	}));
	const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const x = mean(points.map((point) => point.x));
	const y = mean(points.map((point) => point.y));
	const above = points.map((point) => (point.x - x) * (point.y - y));
	const below = points.map((point) => (point.x - x) ** 2);
	return mean(above) / mean(below);
}

/** For a parser that refuses what is larger than this: sizes up to just below it. */
export function limited(limit: number): number[] {
	return [8, 4, 2, 1].map((part) => Math.floor((0.97 * limit) / part));
}

/** As a table in Markdown. */
export function table(growths: ReadonlyArray<Growth & { parser: string }>): string {
	const rows = growths.map(({ parser, sizes, times, exponent, rounds }) => {
		const largest = `${((sizes.at(-1) ?? 0) / MEGABYTE).toFixed(2)} MB`;
		const shown = times.map((time) => time.toFixed(1)).join(' | ');
		return `| ${parser} | ${largest} | ${shown} | ${exponent.toFixed(2)} | ${rounds} |`;
	});
	return [
		'| worst input of | up to | 1/8, ms | 1/4, ms | 1/2, ms | all, ms | exponent | rounds |',
		'| --- | --: | --: | --: | --: | --: | --: | --: |',
		...rows,
	].join('\n');
}
