const MEGABYTE = 1024 * 1024;
export const SIZES = [1, 2, 4, 8].map((megabytes) => megabytes * MEGABYTE);
/** Shorter times are those of the clock and the compiler. In ms. */
const MIN_TIME = 5;
const RUNS = 3;

/** How the time of a parser grows with its input. */
export interface Growth {
	parser: string;
	/** The best of a few runs for each of SIZES, in ms. */
	times: number[];
	/** The slope of time against size, both as logarithms: 1 is linear, 2 quadratic. */
	exponent: number;
}

/** A parser with the input that costs it most. */
export interface WorstCase {
	parser: string;
	/** Input of so many bytes. */
	input: (size: number) => string;
	/** Throws or not: only the time counts. */
	read: (input: string) => unknown;
}

export async function measure({ parser, input, read }: WorstCase): Promise<Growth> {
	await timeOf(read, input(MEGABYTE / 4));
	const times: number[] = [];
	for (const size of SIZES) {
		const text = input(size);
		const runs: number[] = [];
		for (let run = 0; run < RUNS; run++) runs.push(await timeOf(read, text));
		times.push(Math.min(...runs));
	}
	return { parser, times, exponent: slope(times) };
}

async function timeOf(read: WorstCase['read'], input: string): Promise<number> {
	const start = performance.now();
	try {
		await read(input);
	} catch {
		// A refusal takes its time, too.
	}
	return performance.now() - start;
}

/** By least squares. */
function slope(times: readonly number[]): number {
	const points = times.map((time, index) => [
		Math.log2(SIZES[index] ?? 1),
		Math.log2(Math.max(time, MIN_TIME)),
	]) as Array<[number, number]>;
	const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const x = mean(points.map(([size]) => size));
	const y = mean(points.map(([, time]) => time));
	const above = points.map(([size, time]) => (size - x) * (time - y));
	const below = points.map(([size]) => (size - x) ** 2);
	return mean(above) / mean(below);
}

/** As a table in Markdown. */
export function table(growths: readonly Growth[]): string {
	const rows = growths.map(
		({ parser, times, exponent }) =>
			`| ${parser} | ${times.map((time) => time.toFixed(0)).join(' | ')} | ${exponent.toFixed(2)} |`,
	);
	return [
		'| worst input of | 1 MB, ms | 2 MB, ms | 4 MB, ms | 8 MB, ms | exponent |',
		'| --- | --: | --: | --: | --: | --: |',
		...rows,
	].join('\n');
}
