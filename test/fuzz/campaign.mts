import { type FuzzCase, makeCase } from './fuzzCase.mts';
import { makeJudge } from './judge.mts';
import { record, recordImages } from './recordings.mts';
import { shrink } from './shrink.mts';

export interface Fault {
	fault: string;
	shrunk: FuzzCase;
}

export interface CampaignResult {
	runs: number;
	faults: Fault[];
	/** Cases by what was done to the answer. */
	done: Record<string, number>;
	slowest: number;
}

/** More would tell nothing new. */
const MOST_FAULTS = 5;

/**
 * Runs so many cases, one seed after the other.
 * @param onCase is told each seed before its case begins
 */
export async function campaign(
	runs: number,
	firstSeed: number,
	onCase: (seed: number) => void = () => undefined,
): Promise<CampaignResult> {
	const recordings = await record();
	const images = await recordImages();
	const judge = await makeJudge(recordings);
	const result: CampaignResult = { runs: 0, faults: [], done: {}, slowest: 0 };
	for (
		let seed = firstSeed;
		seed < firstSeed + runs && result.faults.length < MOST_FAULTS;
		seed++
	) {
		onCase(seed);
		const fuzzCase = makeCase(seed, recordings, images);
		const start = performance.now();
		const fault = await judge(fuzzCase);
		result.slowest = Math.max(result.slowest, performance.now() - start);
		result.runs += 1;
		for (const name of fuzzCase.done) result.done[name] = (result.done[name] ?? 0) + 1;
		if (fault !== undefined) result.faults.push({ fault, shrunk: await shrink(fuzzCase, judge) });
	}
	return result;
}
