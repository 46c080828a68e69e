import type { IExecuteFunctions } from 'n8n-workflow';

import { addUsage, withoutNoise } from '../../providers/collectReply';
import { withoutUndefined } from '../../providers/decode/json';
import type { Usage } from '../../providers/types';
import { now } from '../../transport/signals';
import { amount, showHint } from './hints';

/** Prices in US dollars per million tokens, for services that do not tell what an answer cost. */
export interface Prices {
	inputPrice?: number;
	outputPrice?: number;
}

/** What can be counted of an answer. */
export type Measure = 'totalTokens' | 'cost';

const MILLION = 1_000_000;
/** The key under which n8n keeps the cost with the execution. */
const COST_KEY = 'aichats_cost';

/** By what n8n hands to each try of a run; a Retry of the execution has one of its own. */
const TRIES = new WeakMap<object, { run: unknown; taken: Taken }>();

/** What the tries of a run took, and when the first began, by `now()`. */
export type Taken = Record<Measure | 'since', number>;

/** That of the tries before the present one, where n8n's Retry On Fail makes several. */
export function takenBefore(context: IExecuteFunctions, isTool: boolean): Taken {
	const taken = { totalTokens: 0, cost: 0, since: now() };
	if (isTool || context.getNode().retryOnFail !== true) return taken;
	const run = runIndexOf(context);
	const shared = context.getContext('node');
	const known = TRIES.get(shared);
	if (known !== undefined && known.run === run) return known.taken;
	TRIES.set(shared, { run, taken });
	return taken;
}

/** What the answers of a run took, all those included that were paid for in vain. */
export class Spending {
	private total: Usage = {};
	private answers = 0;
	private readonly known = { totalTokens: 0, cost: 0 };

	constructor(private readonly prices: Prices = {}) {}

	/** Counts an answer. @returns its usage with what it cost, where that can be known */
	add(usage: Usage | undefined): Usage | undefined {
		const priced = this.priced(usage);
		const counted = measured(priced);
		this.answers++;
		for (const measure of ['totalTokens', 'cost'] as const) {
			if (counted[measure] !== undefined) this.known[measure]++;
		}
		this.total = addUsage(this.total, { ...priced, ...counted });
		return priced;
	}

	isKnown(measure: Measure): boolean {
		return this.known[measure] > 0;
	}

	/** Tokens, or US dollars. An answer of which nothing is known counts as an average one. */
	estimate(measure: Measure): number {
		const known = this.known[measure];
		return known === 0 ? 0 : ((this.total[measure] ?? 0) / known) * this.answers;
	}

	/** e.g. `$0.0123, 12,345 tokens`; empty where nothing is known */
	get summary(): string {
		const { cost, totalTokens } = this.total;
		return [
			...(cost === undefined ? [] : [dollars(cost)]),
			...(totalTokens === undefined ? [] : [amount(totalTokens, 'token')]),
		].join(', ');
	}

	/** Leaves the sums where n8n has a place for them: above the output, with the execution, in traces. */
	report(context: IExecuteFunctions, itemCount: number): void {
		const { promptTokens, completionTokens, totalTokens, cost } = this.total;
		if (cost !== undefined) this.reportCost(context, itemCount, cost);
		if (this.summary === '' || typeof context.setMetadata !== 'function') return;
		// The names that n8n's own models use.
		const tracing = withoutUndefined({
			'llm.tokens.in': promptTokens,
			'llm.tokens.out': completionTokens,
			'llm.tokens.total': totalTokens,
			'llm.cost.total': cost,
		});
		context.setMetadata({ tracing });
	}

	private reportCost(context: IExecuteFunctions, itemCount: number, cost: number): void {
		const unknown = this.answers - this.known.cost;
		const rest = unknown === 0 ? '' : ` (the cost of ${amount(unknown, 'answer')} is not known)`;
		const tokens = this.isKnown('totalTokens')
			? `, ${amount(this.total.totalTokens ?? 0, 'token')}`
			: '';
		showHint(context, `Cost: ${dollars(cost)} for ${amount(itemCount, 'item')}${tokens}${rest}`);
		if (typeof context.customData?.set !== 'function') return;
		// Other nodes, and other turns of a loop, add up.
		const before = Number(context.customData.get(COST_KEY)) || 0;
		context.customData.set(COST_KEY, decimal(before + cost));
	}

	private priced(usage: Usage | undefined): Usage | undefined {
		const { inputPrice, outputPrice } = this.prices;
		if (usage === undefined || usage.cost !== undefined) return usage;
		if (inputPrice === undefined && outputPrice === undefined) return usage;
		const { promptTokens: input, totalTokens: total } = usage;
		if (input === undefined) return usage;
		const output = usage.completionTokens ?? (total === undefined ? undefined : total - input);
		if (output === undefined) return usage;
		const cost = (input * (inputPrice ?? 0) + output * (outputPrice ?? 0)) / MILLION;
		return { ...usage, cost: withoutNoise(cost) };
	}
}

/** What can be counted of an answer. */
export function measured(usage: Usage = {}): Pick<Usage, Measure> {
	const { promptTokens, completionTokens, cost } = usage;
	const sum =
		promptTokens === undefined || completionTokens === undefined
			? undefined
			: promptTokens + completionTokens;
	const totalTokens = usage.totalTokens ?? sum;
	return withoutUndefined({ totalTokens, cost });
}

/** e.g. `$0.0123` */
export function dollars(cost: number): string {
	return `$${decimal(cost)}`;
}

/** At least two decimals, as many as are needed, and never an exponent. */
function decimal(cost: number): string {
	return cost.toFixed(12).replace(/(\.\d\d+?)0+$/, '$1');
}

/** Which run of the node in the execution it is; a retry continues the one that failed. */
export function runIndexOf(context: IExecuteFunctions): unknown {
	return context.evaluateExpression('{{ $runIndex }}', 0);
}
