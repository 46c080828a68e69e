import { QUANTITIES, type QuantityName } from '../figures.mts';
import type { Results } from '../results.mts';
import type { Spread } from '../statistics/spread.mts';

/** A number as people write it: 12,345.6 */
export function formatted(value: number, digits: number): string {
	return value.toLocaleString('en-US', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
}

/** A column's head, e.g. `time (ms)`. */
export function heading(quantity: QuantityName): string {
	const { title, unit } = QUANTITIES[quantity];
	return unit === '' ? title : `${title} (${unit})`;
}

/** The median, and between which values the rounds lay: `2,035 (2,031 to 2,040)`. */
export function cell(results: Results, name: string, quantity: QuantityName): string {
	if (!results.has(name, quantity)) return '';
	return spreadText(results.spread(name, quantity), QUANTITIES[quantity].digits);
}

export function spreadText({ median, min, max }: Spread, digits: number): string {
	const [middle, least, most] = [median, min, max].map((value) => formatted(value, digits));
	return least === most ? (middle as string) : `${middle} (${least} to ${most})`;
}
