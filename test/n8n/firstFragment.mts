import { postForStream } from './streamClient.mts';

/** The first rounds load nodes and compile code. */
const WARM_UP = 3;
const FEWEST_ROUNDS = 9;
/** On a busy machine medians need longer to settle. */
const MOST_ROUNDS = 60;
/** A ratio that leaves no doubt about who is sooner. */
const CLEAR = 0.9;

/** Someone who answers in a stream. */
export interface Contestant {
	name: string;
	url: string;
	body: object;
}

/** Times from request to first fragment of two who took turns. */
export interface Comparison {
	/** The first's median over the second's. */
	ratio: number;
	/** A line to print. */
	report: string;
}

/**
 * Lets two answer by turns, so that a busy machine slows both alike, until their medians differ clearly
 * or for the most rounds.
 */
export async function compareFirstFragments(
	first: Contestant,
	second: Contestant,
): Promise<Comparison> {
	for (let round = 0; round < WARM_UP; round++) {
		await timeToFirstFragment(first);
		await timeToFirstFragment(second);
	}
	const times: [number[], number[]] = [[], []];
	const ratio = () => median(times[0]) / median(times[1]);
	const decided = () => times[0].length >= FEWEST_ROUNDS && ratio() < CLEAR;
	while (!decided() && times[0].length < MOST_ROUNDS) {
		times[0].push(await timeToFirstFragment(first));
		times[1].push(await timeToFirstFragment(second));
	}
	const told = [describe(first, times[0]), describe(second, times[1])].join(', ');
	const report = `${told}, ratio ${ratio().toFixed(2)} in ${times[0].length} rounds`;
	return { ratio: ratio(), report };
}

async function timeToFirstFragment({ url, body }: Contestant): Promise<number> {
	const { chunks, ended } = await postForStream(url, body);
	await ended;
	const first = chunks.find(({ type, content }) => type === 'item' && content !== '');
	if (first !== undefined) return first.after;
	throw new Error(`No fragment came, but ${JSON.stringify(chunks)}`);
}

function describe({ name }: Contestant, times: number[]): string {
	const range = `${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}`;
	return `${name} ${median(times).toFixed(1)} ms (${range})`;
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
