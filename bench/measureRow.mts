import type { Bench } from './lab/Bench.mts';
import { type ContestantResult, Results } from './results.mts';
import type { Row, Scale } from './rows/row.mts';
import { shuffled } from './statistics/shuffled.mts';

/** Hears what is about to be measured. */
export type OnProgress = (what: string) => void;

/** Measures all contestants of a row once a round, in another order each round. */
export async function measureRow(
	row: Row,
	bench: Bench,
	scale: Scale,
	onProgress: OnProgress,
): Promise<Results> {
	const contestants = row.contestants(bench, scale).map((contestant) => {
		const { name, size, series } = contestant;
		const result: ContestantResult = {
			name,
			...(size === undefined ? {} : { size }),
			...(series === undefined ? {} : { series }),
			rounds: [],
		};
		return { contestant, result };
	});
	for (const { contestant } of contestants) {
		if (contestant.warmUp === undefined) continue;
		onProgress(`${row.name}, warming up: ${contestant.name}`);
		await contestant.warmUp(bench);
	}
	const rounds = row.rounds(scale);
	for (let round = 1; round <= rounds; round++) {
		for (const [index, { contestant, result }] of shuffled(contestants).entries()) {
			const place = `${index + 1}/${contestants.length}`;
			onProgress(`${row.name}, round ${round}/${rounds}, ${place}: ${contestant.name}`);
			result.rounds.push(await contestant.measure(bench));
		}
	}
	return new Results(contestants.map(({ result }) => result));
}
