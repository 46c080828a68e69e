/**
 * How fast a decoder is, in a process of its own so that no other has shaped its machine code. Arguments:
 * a decoder's name, an input's name, ms to measure for. Prints MB/s.
 */
import { Bench as Tinybench } from 'tinybench';

import { DECODERS, type DecoderName } from './decoders.mts';
import { INPUTS, type InputName } from './inputs.mts';

const MEGABYTE = 1024 * 1024;

const [decoder, input, time] = process.argv.slice(2) as [DecoderName, InputName, string];
const chunks = INPUTS[input].chunks();
const size = chunks.reduce((sum, { length }) => sum + length, 0);

/** As cheap as a body can be: with one byte per chunk, a generator would take longer than the decoders. */
function body(): AsyncIterable<Uint8Array> {
	const iterator = chunks.values();
	return { [Symbol.asyncIterator]: () => ({ next: async () => iterator.next() }) };
}

/** The last event: kept, as otherwise none need be made. */
export let latest = '';
let length = 0;

function consume(data: string): void {
	latest = data;
	length += data.length;
}

// The slow ones take seconds for one pass: a single one warms them up and a few are enough.
const bench = new Tinybench({
	time: Number(time),
	iterations: 3,
	warmupTime: Number(time) / 2,
	warmupIterations: 1,
});
bench.add(decoder, async () => {
	length = 0;
	await DECODERS[decoder].decode(body(), consume);
	if (length < size / 2) throw new Error(`Only ${length} of ${size} characters came out`);
});
await bench.run();
const result = bench.tasks[0]?.result;
if (result === undefined || !('latency' in result)) throw new Error('Nothing was measured');
console.log(size / MEGABYTE / (result.latency.p50 / 1000));
