import type { LocalService } from '../../dev/service/index.mts';
import { NODE, openBench } from '../engine/support.mts';
import { type Accounts, accountsOf, countBy, errorKind } from './accounts.mts';
import { hashOf, SMALL_IMAGES } from './expected.mts';
import { parametersOf, type Plan } from './plans.mts';

const SEED = 20_240_501;
const RATE = 0.3;

/** A run under faults, and what may be said of it. */
export interface ChaosRun extends Accounts {
	requests: LocalService['requests'];
	hints: string[];
	/** Of each success, in order: its text, or the hash of its image. */
	contents: string[];
	figures: Record<string, unknown>;
}

/** Sends the prompts, twenty at a time, to a service that fails 30 % of all requests. */
export async function runChaos(plan: Plan, prompts: readonly string[]): Promise<ChaosRun> {
	const bench = await openBench({
		service: {
			chaos: { seed: SEED, rate: RATE, faults: plan.faults },
			...(plan.operation === 'image' ? { directives: SMALL_IMAGES } : {}),
		},
	});
	try {
		const { onError } = plan;
		const items = prompts.map((prompt, index) => ({ json: { prompt, inline: index % 2 === 0 } }));
		const start = performance.now();
		const run = await bench.run(parametersOf(plan), items, { onError });
		const seconds = (performance.now() - start) / 1000;
		const { successes, errors } = accountsOf(run, onError);
		const contents: string[] = [];
		for (const item of successes) {
			const text = item.json['text'];
			contents.push(item.binary ? hashOf(await run.binary(item)) : String(text));
		}
		const hints = run.hints(NODE).map(({ message }) => message);
		const requests = [...bench.service.requests];
		const figures = {
			requests: requests.length,
			retries: retriesIn(hints),
			successes: successes.length,
			errors: errors.length,
			'errors by kind': countBy(errors, errorKind),
			'faults by name': countBy(requests, ({ fault }) => fault ?? '(none)'),
			seconds: Number(seconds.toFixed(1)),
		};
		return { successes, errors, contents, hints, requests, figures };
	} finally {
		await bench.close();
	}
}

/** As the execution's hint tells it. */
export function retriesIn(hints: readonly string[]): number {
	const [, retries = '0'] = /Retried (\d+) requests?/.exec(hints.join('\n')) ?? [];
	return Number(retries);
}
