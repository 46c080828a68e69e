import type { IExecuteFunctions } from 'n8n-workflow';

import { type OpenedService, openService, type ProviderName } from '../../shared/openProvider';
import type { NetworkFields } from '../../shared/properties/network.properties';
import { type NetworkSettings, networkSettings } from '../../shared/networkSettings';
import { type BatchFields, PARALLEL_REQUESTS } from '../input/batch.properties';
import { isMemoryConnected } from '../input/memory';
import type { Pace } from './pool';
import { StartGate } from './StartGate';

const RUN_FIELDS: ReadonlyArray<keyof (NetworkFields & BatchFields)> = [
	'delayBetweenRequests',
	'firstByteTimeout',
	'longestRetryWait',
	'maxRetries',
	'parallelRequests',
	'requestsPerMinute',
	'silenceTimeout',
	'timeout',
];

/** What the items of one run share. */
export class SharedRun {
	readonly providerName: ProviderName;
	/** Asked once: n8n copies the whole node for each answer. */
	readonly isTool: boolean;
	/** Whether a memory is connected. Asked once, too. */
	readonly hasMemory: boolean;
	/** Fires when the run stops: the user's Stop button, or a failed item that stops the workflow. */
	readonly signal: AbortSignal;
	readonly network: NetworkSettings;
	readonly pace: Pace;
	/** Takes the credential's secrets out of words; as long as no credential was read there are none. */
	redact: (words: string) => string = (words) => words;
	private readonly controller = new AbortController();
	private readonly opened: Promise<OpenedService>;

	constructor(private readonly context: IExecuteFunctions) {
		this.providerName = context.getNodeParameter('provider', 0, 'aiChats') as ProviderName;
		this.isTool = context.getNode().type.endsWith('Tool');
		this.hasMemory = isMemoryConnected(context);
		const fields = this.readFields();
		this.network = networkSettings(fields);
		this.signal = joined(this.controller.signal, context.getExecutionCancelSignal());
		this.pace = this.paceFrom(fields);
		this.opened = openService(context, this.providerName, this.network);
		// Whoever opens it hears of a failure.
		this.opened.catch(() => undefined);
	}

	/**
	 * What counts for the whole run, as the first item has it. One by one: read together, a broken
	 * expression in any other option of that item would fail all items.
	 */
	private readFields(): NetworkFields & BatchFields {
		const read = (name: string): unknown =>
			this.context.getNodeParameter(`options.${name}`, 0, null);
		const set = RUN_FIELDS.map((name) => [name, read(name)]).filter(([, value]) => value !== null);
		return Object.fromEntries(set) as NetworkFields & BatchFields;
	}

	private paceFrom(fields: BatchFields): Pace {
		const { parallelRequests, delayBetweenRequests = 0, requestsPerMinute = 0 } = fields;
		// The turns of a conversation follow one another.
		const usual = this.hasMemory ? 1 : PARALLEL_REQUESTS;
		return {
			limit: Math.max(1, parallelRequests ?? usual),
			gate: new StartGate(delayBetweenRequests, requestsPerMinute),
			signal: this.signal,
		};
	}

	stop(): void {
		this.controller.abort();
	}

	/**
	 * The service that the credential leads to. It was opened at the start: n8n fetches the credential
	 * while the first items' parameters are read.
	 * @throws ProviderError for an unusable one
	 */
	async open(): Promise<OpenedService> {
		const opened = await this.opened;
		this.redact = opened.redact;
		return opened;
	}
}

function joined(own: AbortSignal, stop: AbortSignal | undefined): AbortSignal {
	return stop === undefined ? own : AbortSignal.any([own, stop]);
}
