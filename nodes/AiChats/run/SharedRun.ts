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
	private opened: Promise<OpenedService> | undefined;

	constructor(private readonly context: IExecuteFunctions) {
		this.providerName = context.getNodeParameter('provider', 0, 'aiChats') as ProviderName;
		this.isTool = context.getNode().type.endsWith('Tool');
		this.hasMemory = isMemoryConnected(context);
		const fields = this.readFields();
		this.network = networkSettings(fields);
		this.signal = joined(this.controller.signal, context.getExecutionCancelSignal());
		this.pace = {
			limit: Math.max(1, fields.parallelRequests ?? this.usualParallelRequests),
			gate: new StartGate(fields.delayBetweenRequests ?? 0, fields.requestsPerMinute ?? 0),
			signal: this.signal,
		};
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

	/** The turns of a conversation follow one another. */
	private get usualParallelRequests(): number {
		return this.hasMemory ? 1 : PARALLEL_REQUESTS;
	}

	stop(): void {
		this.controller.abort();
	}

	/** The service that the credential leads to, opened once. @throws ProviderError for an unusable one */
	async open(): Promise<OpenedService> {
		this.opened ??= openService(this.context, this.providerName, this.network);
		const opened = await this.opened;
		this.redact = opened.redact;
		return opened;
	}
}

function joined(own: AbortSignal, stop: AbortSignal | undefined): AbortSignal {
	return stop === undefined ? own : AbortSignal.any([own, stop]);
}
