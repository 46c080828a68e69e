import type { QuantityName } from './figures.mts';
import type { Figures } from './figures.mts';
import { medianOf, roundRatios, type Spread, spreadOf } from './statistics/spread.mts';
import { fittedExponent, lastExponent, type Point } from './statistics/exponent.mts';

/** All rounds of one contestant. */
export interface ContestantResult {
	name: string;
	size?: number;
	series?: string;
	rounds: Figures[];
}

/** What a row's rounds gave. */
export class Results {
	constructor(readonly contestants: readonly ContestantResult[]) {}

	/** A quantity of each round. @throws Error for one that was not measured */
	values(name: string, quantity: QuantityName): number[] {
		const contestant = this.contestants.find((one) => one.name === name);
		const values = (contestant?.rounds ?? []).map((figures) => figures[quantity]);
		const known = values.filter((value) => value !== undefined);
		if (known.length === 0) throw new Error(`${name} has no ${quantity}`);
		return known;
	}

	has(name: string, quantity: QuantityName): boolean {
		const contestant = this.contestants.find((one) => one.name === name);
		return contestant?.rounds.some((figures) => figures[quantity] !== undefined) ?? false;
	}

	spread(name: string, quantity: QuantityName): Spread {
		return spreadOf(this.values(name, quantity));
	}

	median(name: string, quantity: QuantityName): number {
		return medianOf(this.values(name, quantity));
	}

	/** How often the one's is the other's, round by round. */
	ratio(name: string, other: string, quantity: QuantityName): Spread {
		return spreadOf(roundRatios(this.values(name, quantity), this.values(other, quantity)));
	}

	/** By how much the one's is more than the other's, round by round. */
	difference(name: string, other: string, quantity: QuantityName): Spread {
		const others = this.values(other, quantity);
		const own = this.values(name, quantity);
		return spreadOf(own.map((value, round) => value - (others[round] as number)));
	}

	/** Names of all series, in their order. */
	get series(): string[] {
		const names = this.contestants.map(({ series }) => series);
		return [...new Set(names.filter((name) => name !== undefined))];
	}

	/** A series' medians by size. */
	points(series: string, quantity: QuantityName): Point[] {
		return this.contestants
			.filter((one) => one.series === series && this.has(one.name, quantity))
			.map(({ name, size = 0 }) => ({ size, value: this.median(name, quantity) }));
	}

	/**
	 * How a series grows: over all sizes, and between the two largest.
	 * @param noise what is less counts as this much
	 */
	growth(series: string, quantity: QuantityName, noise = 0): { fitted: number; last: number } {
		const points = this.points(series, quantity).map(({ size, value }) => ({
			size,
			value: Math.max(value, noise),
		}));
		return { fitted: fittedExponent(points), last: lastExponent(points) };
	}
}
