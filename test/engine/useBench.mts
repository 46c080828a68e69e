import { afterAll, beforeAll, beforeEach } from 'vitest';

import { type Bench, type BenchOptions, openBench } from './support.mts';

/** A bench for the tests of a block, its service's records fresh for each of them. */
export function useBench(options: BenchOptions | (() => Promise<BenchOptions>) = {}): () => Bench {
	let bench: Bench;
	beforeAll(async () => {
		bench = await openBench(typeof options === 'function' ? await options() : options);
	});
	beforeEach(() => bench.service.reset());
	afterAll(async () => await bench.close());
	return () => bench;
}
