import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { withoutNoise } from '../../providers/collectReply';
import { ProviderError } from '../../providers/errors';
import type { Usage } from '../../providers/types';
import { LinkedController, now, wait } from '../../transport/signals';
import { type FieldOf, optionsCollection } from '../shared/options';
import type { OpenedService } from '../shared/service';
import { FailureStreaks, type Lane } from './failureStreaks';
import { amount } from './hints';
import { dollars, measured, type Measure, type Prices, Spending, type Taken } from './spending';

/** When a run ends early. 0 means no limit. */
export interface LimitFields extends Prices {
	/** In US dollars. */
	cost?: number;
	failedPercent?: number;
	failuresInRow?: number;
	minutes?: number;
	tokens?: number;
}

const FAILURES_IN_A_ROW = 10;
const AMOUNT = { minValue: 0, maxValue: 1_000_000, numberPrecision: 6 };
const PRICE = 'US dollars per million tokens, if the service does not report the cost';

export const limitProperties: Array<FieldOf<LimitFields>> = [
	{
		displayName: 'Cost (USD)',
		name: 'cost',
		type: 'number',
		typeOptions: AMOUNT,
		default: 0,
		description: 'Start no more items once the answers have cost this much. 0 means no limit.',
	},
	{
		displayName: 'Failed Items (%)',
		name: 'failedPercent',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100, numberPrecision: 2 },
		default: 0,
		description: 'Start no more items once more than this share has failed. 0 means no limit.',
	},
	{
		displayName: 'Failures in a Row',
		name: 'failuresInRow',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1_000_000, numberPrecision: 0 },
		default: FAILURES_IN_A_ROW,
		description:
			'Start no more items after so many failures in a row that affect every item. 0 means no limit.',
	},
	{
		displayName: 'Input Price',
		name: 'inputPrice',
		type: 'number',
		typeOptions: AMOUNT,
		default: 0,
		description: PRICE,
	},
	{
		displayName: 'Minutes',
		name: 'minutes',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100_000, numberPrecision: 2 },
		default: 0,
		description: 'Start no more items after this time. 0 means no limit.',
	},
	{
		displayName: 'Output Price',
		name: 'outputPrice',
		type: 'number',
		typeOptions: AMOUNT,
		default: 0,
		description: PRICE,
	},
	{
		displayName: 'Tokens',
		name: 'tokens',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1_000_000_000_000, numberPrecision: 0 },
		default: 0,
		description: 'Start no more items once the answers have used this many. 0 means no limit.',
	},
];

export const limitsProperty: INodeProperties = {
	...optionsCollection(limitProperties),
	displayName: 'Limits and Cost',
	name: 'limits',
	placeholder: 'Add limit or price',
};

const MEASURES: ReadonlyArray<{
	measure: Measure;
	field: 'tokens' | 'cost';
	label: string;
	shown: (value: number) => string;
}> = [
	{ measure: 'totalTokens', field: 'tokens', label: 'Tokens', shown: (n) => amount(n, 'token') },
	{ measure: 'cost', field: 'cost', label: 'Cost (USD)', shown: dollars },
];
/** So many whole answers that tell nothing, and none that does, show that a limit cannot be kept. */
const MIN_UNKNOWN = 3;

/**
 * When the items of a run that have not begun are no longer sent: what the user allows is used up, or they
 * would fail as others did. What is under way is not touched.
 */
export class RunLimits {
	private readonly spending: Spending;
	private readonly streaks: FailureStreaks;
	private readonly controller: LinkedController;
	private readonly unknown = { totalTokens: 0, cost: 0 };
	private answered = 0;
	private failed = 0;
	/** Which limit has ended the run. */
	private cause: string | undefined;

	/**
	 * @param stopped fires when the run is stopped from elsewhere
	 * @param taken what earlier tries of the run took; this one's is added at its end
	 */
	constructor(
		private readonly fields: LimitFields,
		private readonly itemCount: number,
		stopped: AbortSignal,
		private readonly taken: Taken,
	) {
		const { minutes = 0, failuresInRow = FAILURES_IN_A_ROW } = fields;
		this.spending = new Spending(fields);
		this.streaks = new FailureStreaks(failuresInRow);
		this.controller = new LinkedController(stopped);
		this.endIfReached();
		if (minutes > 0) void this.endAfter(minutes, taken.since + minutes * 60_000 - now());
	}

	/** Fires when nothing more may start. */
	get over(): AbortSignal {
		return this.controller.signal;
	}

	/** Whether some service or model fails every item. */
	get hasBroken(): boolean {
		return this.streaks.hasBroken;
	}

	/** @throws ProviderError `limit` for an item that may no longer be sent */
	check(): void {
		if (this.cause !== undefined) throw new ProviderError('limit', `Not sent: ${this.cause}`);
	}

	/** The same for one that goes to this service. @throws ProviderError `limit` */
	checkLane(service: OpenedService, model: () => string): void {
		this.streaks.check(service, model);
	}

	noteSuccess(lane: Lane | undefined): void {
		this.answered++;
		if (lane !== undefined && this.streaks.hasBegun) this.streaks.noteSuccess(lane);
	}

	/** @param lane where the item was sent, if it was */
	noteFailure(error: unknown, lane: Lane | undefined): void {
		this.failed++;
		if (lane !== undefined) this.streaks.noteFailure(error, lane);
		const { failedPercent = 0 } = this.fields;
		if (failedPercent > 0 && this.failed * 100 > failedPercent * this.itemCount) {
			this.end(`${this.failed} of ${amount(this.itemCount, 'item')} failed`);
		}
	}

	/**
	 * Counts an answer. @returns its usage, with what it cost
	 * @param isWhole whether it arrived: of one that broke off nothing may be known
	 * @param remark takes what is to be said where a limit cannot count it
	 */
	noteUsage(
		usage: Usage | undefined,
		isWhole: boolean,
		remark: (text: string) => void,
	): Usage | undefined {
		const priced = this.spending.add(usage);
		this.endIfReached();
		for (const { measure, field, label } of MEASURES) {
			if ((this.fields[field] ?? 0) === 0 || measured(priced)[measure] !== undefined) continue;
			remark(`The service did not report '${label}', so the average was counted`);
			if (isWhole) this.unknown[measure]++;
			if (this.unknown[measure] >= MIN_UNKNOWN && !this.spending.isKnown(measure)) {
				this.end(`the service does not report '${label}'`);
			}
		}
		return priced;
	}

	/** The one error that ends a workflow. */
	finalError(): ProviderError {
		const { summary } = this.spending;
		const spent = summary === '' ? '' : ` (${summary})`;
		return new ProviderError('limit', `The run has ended early: ${this.cause}`, {
			explanation: `${this.answered} of ${amount(this.itemCount, 'item')} were answered${spent}, as ${this.cause}. Raise the limit in 'Limits and Cost', or set 'On Error' to 'Continue' to keep the answers.`,
		});
	}

	/** To be called when the run has ended: ends the wait for a limit, and reports what was spent. */
	close(context: IExecuteFunctions): void {
		this.controller.abort();
		for (const { measure } of MEASURES) this.taken[measure] += this.spending.estimate(measure);
		this.spending.report(context, this.itemCount);
	}

	private endIfReached(): void {
		for (const { measure, field, shown } of MEASURES) {
			const limit = this.fields[field] ?? 0;
			if (limit === 0) continue;
			const taken = withoutNoise(this.taken[measure] + this.spending.estimate(measure));
			if (taken >= limit) this.end(`the limit of ${shown(limit)} is reached`);
		}
	}

	private async endAfter(minutes: number, left: number): Promise<void> {
		try {
			// Without a turn of the event loop, in which items would start.
			if (left > 0) await wait(left, this.over);
			this.end(`the limit of ${amount(minutes, 'minute')} is reached`);
		} catch {
			// The run has ended before.
		}
	}

	private end(cause: string): void {
		this.cause ??= cause;
		this.controller.abort();
	}
}
