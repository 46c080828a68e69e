/** What some work of a size took. */
export interface Point {
	size: number;
	value: number;
}

/**
 * The exponent b of value = a × size^b, fitted to the points by least squares on logarithms: 1 is
 * linear, 2 quadratic.
 * @throws Error for fewer than two sizes
 */
export function fittedExponent(points: readonly Point[]): number {
	const logarithms = points.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
	const meanX = mean(logarithms.map(([x]) => x));
	const meanY = mean(logarithms.map(([, y]) => y));
	const covariance = sum(logarithms.map(([x, y]) => (x - meanX) * (y - meanY)));
	const variance = sum(logarithms.map(([x]) => (x - meanX) ** 2));
	if (variance === 0) throw new Error('An exponent needs two sizes');
	return covariance / variance;
}

/**
 * The exponent between the two largest sizes. What every run costs, however small, hides there least.
 */
export function lastExponent(points: readonly Point[]): number {
	const sorted = [...points].sort((one, other) => one.size - other.size);
	return fittedExponent(sorted.slice(-2));
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
	return sum(values) / values.length;
}
