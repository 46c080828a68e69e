/** `tsx test/fuzz/fuzz.mts --runs 100000 --seed 1`: spoils answers and looks what the providers make of them. */
import { Worker } from 'node:worker_threads';

import { Command, InvalidArgumentError } from 'commander';

import { campaign } from './campaign.mts';
import { decoderTable, fuzzDecoders } from './decoders.mts';
import { describeFault } from './describeFault.mts';
import { MAX_LENGTH } from './judge.mts';

const { runs, seed } = readFlags();
console.log(`${runs} inputs of each decoder and ${runs} whole answers, from seed ${seed}`);
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

const current = new Int32Array(new SharedArrayBuffer(4));
const watch = watchForStandstill(current);
const decoders = await fuzzDecoders(runs, seed, (next) => Atomics.store(current, 0, next));
console.log(`\n${decoderTable(decoders)}\n`);
const broken = decoders.flatMap(({ decoder, faults }) =>
	faults.slice(0, 5).map((fault) => `${decoder}: ${fault}`),
);
for (const fault of broken) console.error(fault);
const start = performance.now();
const result = await campaign(runs, seed, (next) => Atomics.store(current, 0, next));
const seconds = (performance.now() - start) / 1000;
await watch.terminate();

for (const fault of result.faults) console.error(describeFault(fault));
for (const reason of unhandled) console.error('Unhandled rejection:', reason);
console.log(JSON.stringify(result.done));
console.log(
	`${result.runs} cases in ${seconds.toFixed(0)} s, slowest ${result.slowest.toFixed(0)} ms, ` +
		`${result.faults.length} faults, ${unhandled.length} unhandled rejections`,
);
process.exitCode = broken.length + result.faults.length + unhandled.length > 0 ? 1 : 0;

function readFlags(): { runs: number; seed: number } {
	return new Command('fuzz')
		.option('--runs <number>', 'how many cases', wholeNumber, 100_000)
		.option('--seed <number>', 'seed of the first case', wholeNumber, Date.now() % 2 ** 30)
		.parse()
		.opts();
}

function wholeNumber(text: string): number {
	if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
	return Number(text);
}

/** A loop that never waits cannot be seen from its own thread: another one tells its seed and ends it. */
function watchForStandstill(seedOfCase: Int32Array): Worker {
	const code = `
		const { workerData: { seedOfCase, longest } } = require('node:worker_threads');
		let last, since = Date.now();
		setInterval(() => {
			const now = Atomics.load(seedOfCase, 0);
			if (now !== last) { last = now; since = Date.now(); }
			else if (Date.now() - since > longest) {
				require('node:fs').writeSync(2, 'Stands still in the case of seed ' + now + '\\n');
				process.kill(process.pid, 'SIGKILL');
			}
		}, 500);`;
	// Many times as long, because a case is run twice and, where it is a fault, shrunk.
	return new Worker(code, { eval: true, workerData: { seedOfCase, longest: MAX_LENGTH * 12 } });
}
