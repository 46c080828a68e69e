import { isDeepStrictEqual } from 'node:util';

import type { FuzzCase } from './fuzzCase.mts';
import { type Outcome, outcomeOf } from './outcome.mts';
import type { Recording } from './recordings.mts';

/** A case may take so long, in ms. */
export const MAX_LENGTH = 5_000;

/** What is wrong with a case; undefined when nothing is. */
export type Judge = (fuzzCase: FuzzCase) => Promise<string | undefined>;

/** Judges cases against what the whole answers give. */
export async function makeJudge(recordings: readonly Recording[]): Promise<Judge> {
	const texts = new Map<string, string | undefined>();
	for (const recording of recordings) {
		const whole = {
			...recording,
			seed: 0,
			recording: recording.name,
			done: [],
			image: new Uint8Array(),
		};
		texts.set(recording.name, (await outcomeOf(whole, 0)).text);
	}
	return async (fuzzCase) => {
		const start = performance.now();
		const first = await inTime(outcomeOf(fuzzCase, fuzzCase.seed));
		if (first === 'hang' || performance.now() - start > MAX_LENGTH)
			return `took over ${MAX_LENGTH} ms`;
		const second = await inTime(outcomeOf(fuzzCase, fuzzCase.seed + 1));
		return wrongIn(fuzzCase, first, texts) ?? unlike(first, second);
	};
}

function wrongIn(
	{ done, reader, recording }: FuzzCase,
	{ thrown, held, text }: Outcome,
	texts: ReadonlyMap<string, string | undefined>,
): string | undefined {
	if (thrown !== undefined) return `threw ${String(thrown)}`;
	if (held > 0) return `did not let go of ${held} answers`;
	const isPart = done.every((name) => name === 'truncate' || name === 'break');
	if (!isPart || reader.provider !== 'openAiCompatible' || reader.operation !== 'chat')
		return undefined;
	if (text === undefined || text === texts.get(recording)) return undefined;
	return `a part of an answer passed for a whole one: ${JSON.stringify(text)}`;
}

/** How the network cuts an answer must not change what it says. */
function unlike(first: Outcome, second: Outcome | 'hang'): string | undefined {
	if (isDeepStrictEqual(first, second)) return undefined;
	return `depends on how it is cut: ${JSON.stringify(first)} or ${JSON.stringify(second)}`;
}

async function inTime(work: Promise<Outcome>): Promise<Outcome | 'hang'> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<'hang'>((resolve) => {
		timer = setTimeout(() => resolve('hang'), MAX_LENGTH);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
