import type { FuzzCase } from './fuzzCase.mts';
import type { Judge } from './judge.mts';

const MOST_TRIES = 400;

/** A smaller case with the same kind of fault: as many bytes taken out as can be. */
export async function shrink(fuzzCase: FuzzCase, judge: Judge): Promise<FuzzCase> {
	const kind = kindOf(await judge(fuzzCase));
	let smallest = fuzzCase;
	let tries = 0;
	for (let size = smallest.body.length >> 1; size >= 1 && tries < MOST_TRIES; size >>= 1) {
		for (let start = 0; start < smallest.body.length && tries < MOST_TRIES; tries++) {
			const candidate = { ...smallest, body: without(smallest.body, start, size) };
			if (kindOf(await judge(candidate)) === kind) smallest = candidate;
			else start += size;
		}
	}
	return smallest;
}

/** The fault's first words, without what is particular to the case. */
function kindOf(fault: string | undefined): string | undefined {
	return fault?.split(' ').slice(0, 4).join(' ');
}

function without(bytes: Uint8Array, start: number, size: number): Uint8Array {
	return new Uint8Array(Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + size)]));
}
