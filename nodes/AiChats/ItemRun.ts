import {
	type IExecuteFunctions,
	type IGetNodeParameterOptions,
	NodeConnectionTypes,
} from 'n8n-workflow';

import type { Provider } from '../../providers/AsyncGeneratorProvider';
import { type NetworkFields, type NetworkSettings, networkSettings } from '../shared/network';
import {
	type OpenedProvider,
	type OpenedService,
	openService,
	type ProviderName,
} from '../shared/providers';
import { type BatchFields, PARALLEL_REQUESTS } from './fields/batch';
import { RunHints } from './hints';
import { type Pace, StartGate } from './pool';

const RUN_FIELDS: ReadonlyArray<keyof (NetworkFields & BatchFields)> = [
	'delayBetweenRequests',
	'firstByteTimeout',
	'maxRetryDelay',
	'maxRetries',
	'parallelRequests',
	'retryUnanswered',
	'requestsPerMinute',
	'idleTimeout',
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
	readonly hints = new RunHints();
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

/** One item on its way through an operation. */
export class ItemRun {
	failed = false;
	/** Whether fragments of the answer were passed on, and more are to come. */
	streaming = false;
	private opened: OpenedProvider | undefined;
	private optionFields: object | undefined;

	constructor(
		readonly context: IExecuteFunctions,
		readonly itemIndex: number,
		private readonly shared: SharedRun,
	) {}

	/** Fires when the run stops. */
	get signal(): AbortSignal {
		return this.shared.signal;
	}

	/** Whether an AI Agent calls the node. n8n names a node's tool after the node. */
	get isTool(): boolean {
		return this.shared.isTool;
	}

	get hasMemory(): boolean {
		return this.shared.hasMemory;
	}

	get providerName(): ProviderName {
		return this.shared.providerName;
	}

	/** How many requests were sent for this item, retries included. */
	get attempts(): number {
		return this.opened?.traffic.attempts ?? 0;
	}

	get retries(): number {
		return this.opened?.traffic.retries ?? 0;
	}

	/** A node parameter's value for this item, expressions resolved. */
	parameter<T>(name: string, fallback?: T, options?: IGetNodeParameterOptions): T {
		return this.context.getNodeParameter(name, this.itemIndex, fallback, options) as T;
	}

	/** The fields of 'Options' that the user added, read once. */
	options<Fields extends object>(): Fields {
		return (this.optionFields ??= this.parameter<object>('options', {})) as Fields;
	}

	/**
	 * Remarks on this item above the output, where an answer came but not as requested. Items with the same
	 * text share one hint.
	 * @param text a sentence without its period, e.g. "The server does not support 'seed', so it was left out"
	 */
	hint(text: string): void {
		this.shared.hints.add(text, this.itemIndex);
	}

	/** The provider for this item. @throws ProviderError for a credential that cannot work */
	async provider(): Promise<Provider> {
		this.opened ??= (await this.shared.open()).provider();
		return this.opened.provider;
	}
}

/** Whether a memory is connected to the node. As a tool of an agent it has no such input. */
function isMemoryConnected(context: IExecuteFunctions): boolean {
	const { name } = context.getNode();
	return (
		context.getParentNodes(name, { connectionType: NodeConnectionTypes.AiMemory, depth: 1 })
			.length > 0
	);
}
