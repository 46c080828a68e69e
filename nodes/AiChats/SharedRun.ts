import {
	type IExecuteFunctions,
	type IGetNodeParameterOptions,
	type INodeProperties,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';

import { withoutUndefined } from '../../providers/decode/json';
import { abortError } from '../../transport/networkError';
import { LinkedController, unlessAborted } from '../../transport/signals';
import { fieldError, holdsExpression } from '../shared/fields';
import {
	type NetworkFields,
	networkProperties,
	networkSettings,
	retryUnansweredProperty,
} from '../shared/network';
import { definitionsByName, readOption } from '../shared/options';
import {
	asProviderName,
	DEFAULT_PROVIDER,
	type ProviderEntry,
	PROVIDER_NAMES,
	providerEntry,
	type ProviderName,
} from '../shared/providers';
import { type OpenedService, RunServices } from '../shared/service';
import { ConnectedModels } from './connectedModel';
import {
	answerProperties,
	type AnswerSettings,
	batchProperties,
	type BatchSettings,
	PARALLEL_REQUESTS,
	warmUpProperty,
} from './fields/batch';
import { RunHints } from './hints';
import { RunAnswers } from './keptAnswers';
import { type LimitFields, limitProperties, RunLimits } from './limits';
import { type Pace, StartGate, WarmUp } from './pool';
import { takenBefore } from './spending';

/** The options that an operation has with a provider. */
export type OptionsOf = (entry: ProviderEntry) => readonly INodeProperties[];

type RunFields = NetworkFields & BatchSettings & AnswerSettings;

/** Run-wide settings, read from the first item. */
const RUN_PROPERTIES: readonly INodeProperties[] = [
	...networkProperties,
	retryUnansweredProperty,
	...batchProperties,
	warmUpProperty,
	...answerProperties,
];

/** What the items of one run share. */
export class SharedRun {
	readonly providerName: ProviderName;
	/** Read once: n8n copies the whole node for each answer. */
	readonly isTool: boolean;
	/** Whether a memory is connected. Read once, too. */
	readonly hasMemory: boolean;
	/** Fires when the run stops: the user's Stop button, or a failed item that stops the workflow. */
	readonly signal: AbortSignal;
	readonly pace: Pace;
	readonly limits: RunLimits;
	readonly answers: RunAnswers;
	readonly hints = new RunHints();
	/** Whether an answer of this run broke the requested format: the next ones are asked for in the prompt, too. */
	isFormatIgnored = false;
	/** The definitions of all options, by name. */
	readonly options: ReadonlyMap<string, INodeProperties>;
	/** Node parameters that hold expressions; all others are the same for every item. */
	private readonly varying: ReadonlySet<string>;
	private readonly fixed = new Map<string, unknown>();
	private readonly gate: StartGate;
	private readonly controller: LinkedController;
	private readonly services: RunServices | ConnectedModels;
	/** Why no item can be processed, where a run-wide setting cannot be used. */
	private fault: { error: unknown } | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		optionsOf: OptionsOf,
		itemCount: number,
	) {
		this.providerName = this.attempt(() => this.readProvider(), DEFAULT_PROVIDER);
		const { type, parameters } = context.getNode();
		this.isTool = type.endsWith('Tool');
		const names = Object.keys(parameters);
		this.varying = new Set(names.filter((name) => holdsExpression(parameters[name])));
		this.hasMemory = isMemoryConnected(context);
		this.options = definitionsByName(optionsOf(providerEntry(this.providerName)));
		const offered = RUN_PROPERTIES.filter(({ name }) => this.options.has(name));
		const fields = this.attempt<RunFields>(() => this.readFields('options', offered), {});
		const limits = this.attempt<LimitFields>(() => this.readFields('limits', limitProperties), {});
		this.controller = new LinkedController(context.getExecutionCancelSignal());
		this.signal = this.controller.signal;
		const { delayBetweenRequests = 0, requestsPerMinute = 0 } = fields;
		this.gate = new StartGate(delayBetweenRequests, requestsPerMinute);
		// The turns of a conversation follow one another.
		const usual = this.hasMemory ? 1 : PARALLEL_REQUESTS;
		const limit = fields.parallelRequests ?? usual;
		const warmUp = fields.warmUp === true ? new WarmUp() : undefined;
		this.pace = { limit, signal: this.signal, warmUp };
		this.limits = new RunLimits(limits, itemCount, this.signal, takenBefore(context, this.isTool));
		this.answers = new RunAnswers(context, fields, itemCount, this);
		const network = networkSettings(fields);
		this.services =
			this.providerName === 'connectedModel'
				? new ConnectedModels(context, network.limits, itemCount)
				: new RunServices(context, this.providerName, network, itemCount);
	}

	stop(): void {
		this.controller.abort();
	}

	/** A node parameter's value for an item, expressions resolved. One without expressions is read once. */
	parameter(
		name: string,
		itemIndex: number,
		fallback?: unknown,
		options?: IGetNodeParameterOptions,
	): unknown {
		if (this.fixed.has(name)) return this.fixed.get(name);
		const value: unknown = this.context.getNodeParameter(name, itemIndex, fallback, options);
		const [root = name] = name.split('.', 1);
		if (!this.varying.has(root)) this.fixed.set(name, value);
		return value;
	}

	/** Waits for an item's turn, unless nothing more may start. @throws ProviderError `aborted` */
	async turn(itemIndex: number): Promise<void> {
		const { limits, pace } = this;
		try {
			if (itemIndex > 0 && pace.warmUp) await unlessAborted(pace.warmUp.ended, limits.over);
			await this.gate.pass(limits.over);
		} catch {
			if (this.signal.aborted) throw abortError(this.signal);
		}
	}

	/** Takes the secrets of all credentials that were read out of a text. */
	readonly redact = (text: string): string => this.services.redact(text);

	/** Whether an item's place matters: its words may go to a conversation or to a tenant of its own. */
	get isTied(): boolean {
		return this.hasMemory || this.services.mayDiffer;
	}

	/** The one service of all items, once it is open. */
	get service(): OpenedService | undefined {
		return this.fault === undefined ? this.services.opened : undefined;
	}

	/**
	 * The service that the credential leads to for an item.
	 * @throws ProviderError for an unusable one
	 * @throws NodeOperationError for a run-wide setting that cannot be used
	 */
	async open(itemIndex: number): Promise<OpenedService> {
		if (this.fault !== undefined) throw this.faultFor(itemIndex, this.fault.error);
		return await this.services.open(itemIndex);
	}

	/** A run-wide setting that cannot be used fails every item, so that none is lost. */
	private attempt<Value>(read: () => Value, fallback: Value): Value {
		try {
			return read();
		} catch (error) {
			this.fault ??= { error };
			return fallback;
		}
	}

	private faultFor(itemIndex: number, error: unknown): unknown {
		if (!(error instanceof NodeOperationError)) return error;
		const description = `${error.description ?? ''} It is read once, from the first item.`;
		return fieldError({ context: this.context, itemIndex }, error.message, description);
	}

	private readProvider(): ProviderName {
		const value = this.context.getNodeParameter('provider', 0, DEFAULT_PROVIDER);
		return asProviderName({ context: this.context, itemIndex: 0 }, value, PROVIDER_NAMES);
	}

	/** One by one: read together, a broken expression in any other option of that item would fail all items. */
	private readFields(collection: string, properties: readonly INodeProperties[]): object {
		const place = { context: this.context, itemIndex: 0 };
		const values = properties.map((definition) => {
			const value = this.context.getNodeParameter(`${collection}.${definition.name}`, 0, null);
			return [definition.name, readOption(place, definition, value)] as const;
		});
		return withoutUndefined(Object.fromEntries(values));
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
