import {
	type IExecuteFunctions,
	type IGetNodeParameterOptions,
	type INodeProperties,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';

import type { Provider } from '../../providers/AsyncGeneratorProvider';
import type { Usage } from '../../providers/types';
import { abortError } from '../../transport/networkError';
import { LinkedController, unlessAborted } from '../../transport/signals';
import { fieldError } from '../shared/fields';
import {
	type NetworkFields,
	networkProperties,
	networkSettings,
	retryUnansweredProperty,
} from '../shared/network';
import { definitionsByName, type OptionValues, readOption, readOptions } from '../shared/options';
import {
	asProviderName,
	DEFAULT_PROVIDER,
	type ProviderEntry,
	PROVIDER_NAMES,
	providerEntry,
	type ProviderName,
} from '../shared/providers';
import type { RestingModels } from '../shared/restingModels';
import { type OpenedProvider, type OpenedService, RunServices } from '../shared/service';
import { ConnectedModels } from './connectedModel';
import {
	batchProperties,
	type BatchSettings,
	PARALLEL_REQUESTS,
	warmUpProperty,
} from './fields/batch';
import type { Lane } from './failureStreaks';
import { RunHints } from './hints';
import {
	type Answer,
	answerProperties,
	type AnswerRequest,
	type AnswerSettings,
	type Found,
	RunAnswers,
} from './keptAnswers';
import { type LimitFields, limitProperties, RunLimits } from './limits';
import { type Pace, StartGate, WarmUp } from './pool';

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
		this.isTool = context.getNode().type.endsWith('Tool');
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
		this.limits = new RunLimits(limits, itemCount, this.signal);
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
		const description = `${error.description ?? ''} It is read from the first item, for all items.`;
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
		return Object.fromEntries(values.filter(([, value]) => value !== undefined));
	}
}

/** One item on its way through an operation. */
export class ItemRun {
	/** Set by the loop over the items. */
	failed = false;
	/** Whether fragments of the answer were passed on, and more are to come. */
	streaming = false;
	private service: OpenedService | undefined;
	private opened: OpenedProvider | undefined;
	private optionValues: OptionValues | undefined;
	/** Once they are read: n8n resolves a field anew each time. */
	chosenModels: readonly string[] | undefined;
	private noteAnswer: (() => void) | undefined;

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

	/** Whether the server did not keep to a requested format earlier in this run. */
	get isFormatIgnored(): boolean {
		return this.shared.isFormatIgnored;
	}

	/** Ends the wait of the other items; undefined unless they wait for this one. */
	get endWarmUp(): (() => void) | undefined {
		return this.itemIndex === 0 ? this.shared.pace.warmUp?.end : undefined;
	}

	noteIgnoredFormat(): void {
		this.shared.isFormatIgnored = true;
	}

	get hasMemory(): boolean {
		return this.shared.hasMemory;
	}

	/** Texts of kept answers that this run put back into a memory. */
	get restored(): Set<string> {
		return this.shared.answers.restored;
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

	/** Takes the secrets of the item's credential out of a text; as long as none was read there are none. */
	readonly redact = (text: string): string => this.service?.redact(text) ?? text;

	/** A node parameter's value for this item, expressions resolved. */
	parameter<T>(name: string, fallback?: T, options?: IGetNodeParameterOptions): T {
		return this.context.getNodeParameter(name, this.itemIndex, fallback, options) as T;
	}

	/**
	 * The fields of 'Options' that the user added, checked and read once.
	 * @throws NodeOperationError for a value that its field does not allow
	 */
	options<Fields extends object>(): Fields & OptionValues {
		this.optionValues ??= readOptions(this, this.shared.options, this.parameter('options', {}));
		return this.optionValues as Fields & OptionValues;
	}

	/**
	 * Remarks on this item above the output, where an answer came but not as requested. Items with the same
	 * text share one hint.
	 * @param text a sentence without its period, e.g. "The server does not support 'seed', so it was left out"
	 */
	hint(text: string): void {
		this.shared.hints.add(text, this.itemIndex);
	}

	/**
	 * Waits for its turn.
	 * @throws ProviderError `limit` when the item may no longer be sent, `aborted` when the run stops
	 */
	private async begin(): Promise<void> {
		await this.checkLimits();
		await this.shared.turn(this.itemIndex);
		await this.checkLimits();
	}

	/**
	 * The provider for this item.
	 * @throws ProviderError for a credential that cannot work, and `limit` when the item may no longer be sent
	 * @throws NodeOperationError for a run-wide setting that cannot be used
	 */
	async provider(): Promise<Provider> {
		if (this.opened === undefined) await this.checkLimits();
		this.opened ??= (await this.openService()).provider();
		return this.opened.provider;
	}

	/** What this run has seen of the models of the item's service. */
	async restingModels(): Promise<RestingModels> {
		return (await this.openService()).resting;
	}

	/** Counts an answer, also one that broke off. @returns its usage, with what it cost */
	readonly noteUsage = (usage: Usage | undefined, isWhole: boolean): Usage | undefined =>
		this.shared.limits.noteUsage(usage, isWhole, (text) => this.hint(text));

	/**
	 * The answer to the item's request: kept from a run that failed, had by another item, or a new one as soon
	 * as the pace allows.
	 * @param request read where it matters, once the provider is known to be one
	 * @param ask gets a new one from the service
	 * @throws what `ask` throws, and ProviderError `limit` when the item may no longer be sent
	 */
	async answer<Kind extends Answer>(
		request: () => AnswerRequest,
		ask: () => Promise<Kind>,
	): Promise<Found<Kind>> {
		const { answers } = this.shared;
		const askInTurn = async () => {
			await this.begin();
			return await ask();
		};
		if (!answers.isUsed) return { answer: await askInTurn(), isNew: true };
		const { address } = await this.openService();
		const key = await answers.keyOf(request(), address, this.itemIndex, this.shared.isTied);
		const found = await answers.find(key, this.itemIndex, askInTurn);
		if (found.repeatOf === undefined) this.noteAnswer = () => answers.note(key, found.answer);
		return found;
	}

	/** Lets items that have not begun fail at once when they would fail alike. */
	noteFailure(error: unknown): void {
		this.shared.limits.noteFailure(error, this.lane);
	}

	noteSuccess(): void {
		this.shared.limits.noteSuccess(this.lane);
		this.noteAnswer?.();
	}

	private async checkLimits(): Promise<void> {
		const { limits } = this.shared;
		limits.check();
		if (!limits.hasBroken) return;
		this.service ??= await this.shared.open(this.itemIndex);
		limits.checkLane(this.service, this.model);
	}

	/** Where the item was sent, if it was. */
	private get lane(): Lane | undefined {
		const { service, opened, model } = this;
		if (service === undefined || opened === undefined) return undefined;
		return { service, url: opened.provider.url, model };
	}

	private async openService(): Promise<OpenedService> {
		return (this.service ??= await this.shared.open(this.itemIndex));
	}

	/** What the user chose, for telling models apart. */
	private readonly model = (): string => {
		if (this.providerName === 'connectedModel') return '';
		const fallbacks = String(this.parameter('options.fallbackModels', ''));
		return `model ${String(this.parameter('model', '', { extractValue: true }))} ${fallbacks}`;
	};
}

/** Whether a memory is connected to the node. As a tool of an agent it has no such input. */
function isMemoryConnected(context: IExecuteFunctions): boolean {
	const { name } = context.getNode();
	return (
		context.getParentNodes(name, { connectionType: NodeConnectionTypes.AiMemory, depth: 1 })
			.length > 0
	);
}
