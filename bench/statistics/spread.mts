/** What the rounds of a measurement say together. */
export interface Spread {
	median: number;
	min: number;
	max: number;
}

/** @throws Error when there are no values */
export function spreadOf(values: readonly number[]): Spread {
	if (values.length === 0) throw new Error('No rounds were measured');
	const sorted = [...values].sort((one, other) => one - other);
	return { median: middle(sorted), min: sorted[0] as number, max: sorted.at(-1) as number };
}

export function medianOf(values: readonly number[]): number {
	return spreadOf(values).median;
}

function middle(sorted: readonly number[]): number {
	const half = Math.floor(sorted.length / 2);
	const upper = sorted[half] as number;
	return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}

/**
 * How often the one is the other, round by round: what slows the machine for a while slows both of a
 * round, so that the ratios differ less than the figures do.
 * @throws Error unless both were measured in the same rounds
 */
export function roundRatios(one: readonly number[], other: readonly number[]): number[] {
	if (one.length !== other.length) throw new Error('They were not measured in the same rounds');
	return one.map((value, round) => value / (other[round] as number));
}
