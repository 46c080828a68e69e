import type { StructuredChunk } from 'n8n-workflow';

/** One line of n8n's streamed answer, and when it was here. */
export interface ArrivedChunk extends StructuredChunk {
	/** In ms after the request. */
	after: number;
}

/** A streamed answer that can be looked at while it arrives. */
export interface StreamedAnswer {
	/** What has arrived so far. */
	chunks: ArrivedChunk[];
	/** Settles when so many chunks with text are here. */
	fragments(count: number): Promise<void>;
	/** Settles when the answer has ended. @throws Error when the connection broke */
	ended: Promise<void>;
}

/** Posts JSON to an address of n8n that answers in lines of JSON. @throws Error for another status than 200 */
export async function postForStream(url: string, body: object): Promise<StreamedAnswer> {
	const started = performance.now();
	const headers = { 'content-type': 'application/json' };
	const sent = body instanceof FormData ? { body } : { headers, body: JSON.stringify(body) };
	const response = await fetch(url, { method: 'POST', ...sent });
	if (!response.ok || response.body === null) {
		throw new Error(`${url}: ${response.status} ${await response.text()}`);
	}
	const chunks: ArrivedChunk[] = [];
	let onArrival = () => {};
	const read = async () => {
		for await (const line of lines(response.body as ReadableStream<Uint8Array>)) {
			const chunk = JSON.parse(line) as StructuredChunk;
			chunks.push({ ...chunk, after: performance.now() - started });
			onArrival();
		}
	};
	return {
		chunks,
		ended: read(),
		fragments: async (count) =>
			await new Promise((resolve) => {
				onArrival = () => {
					if (fragmentsOf(chunks).length >= count) resolve();
				};
				onArrival();
			}),
	};
}

/** The text of the chunks, piece by piece; of one item where its index is given. */
export function fragmentsOf(chunks: readonly ArrivedChunk[], itemIndex?: number): string[] {
	return chunks
		.filter(({ type }) => type === 'item')
		.filter(({ metadata }) => itemIndex === undefined || metadata.itemIndex === itemIndex)
		.map(({ content = '' }) => content);
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
	let rest = '';
	for await (const text of body.pipeThrough(new TextDecoderStream())) {
		const parts = (rest + text).split('\n');
		rest = parts.pop() ?? '';
		yield* parts.filter((line) => line !== '');
	}
	if (rest !== '') throw new Error(`The answer ends in the middle of a line: ${rest}`);
}

/** The first rounds load nodes and compile code. */
const WARM_UP = 3;
const FEWEST_ROUNDS = 11;
/** On a busy machine medians need longer to settle. */
const MAX_ROUNDS = 60;
/** A ratio that leaves no doubt about who is sooner. */
const CLEAR = 0.9;

/** A node that answers in a stream. */
export interface Contestant {
	name: string;
	url: string;
	body: object;
	/** When the node of the newest execution started, in ms since 1970; waits for the execution's end. */
	startedAt: () => Promise<number>;
}

/** How long one answer took to its first fragment, in ms. */
interface Times {
	/** From the client's request, to the client. */
	client: number;
	/** From the node's start, to its sending: without what n8n does before and after. */
	node: number;
}

export interface Comparison {
	/** The first one's median over the second's. */
	ratios: Times;
	/** A line to print. */
	report: string;
}

/**
 * Lets two answer by turns, so that a busy machine slows both alike, until it is clear which of the nodes
 * is sooner, or for the most rounds.
 */
export async function compareFirstFragments(
	first: Contestant,
	second: Contestant,
): Promise<Comparison> {
	const rounds: Array<[Times, Times]> = [];
	const medianOf = (who: 0 | 1, part: keyof Times) =>
		median(rounds.map((times) => times[who][part]));
	const ratioOf = (part: keyof Times) => medianOf(0, part) / medianOf(1, part);
	for (let round = 0; round < WARM_UP + MAX_ROUNDS; round++) {
		const times: [Times, Times] = [await timesOf(first), await timesOf(second)];
		if (round >= WARM_UP) rounds.push(times);
		if (rounds.length >= FEWEST_ROUNDS && ratioOf('node') < CLEAR) break;
	}
	const tell = (part: keyof Times) =>
		`${first.name} ${medianOf(0, part).toFixed(1)} ms, ${second.name} ${medianOf(1, part).toFixed(1)} ms, ratio ${ratioOf(part).toFixed(2)}`;
	const report = `from the request: ${tell('client')}; from the node's start: ${tell('node')}; ${rounds.length} rounds`;
	return { ratios: { client: ratioOf('client'), node: ratioOf('node') }, report };
}

async function timesOf({ url, body, startedAt }: Contestant): Promise<Times> {
	const { chunks, ended } = await postForStream(url, body);
	await ended;
	const { after, metadata } = firstFragment(chunks);
	return { client: after, node: metadata.timestamp - (await startedAt()) };
}

function firstFragment(chunks: readonly ArrivedChunk[]): ArrivedChunk {
	const first = chunks.find(({ type, content }) => type === 'item' && content !== '');
	if (first !== undefined) return first;
	throw new Error(`No fragment came, but ${JSON.stringify(chunks)}`);
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
