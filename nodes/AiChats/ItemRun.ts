import { type IExecuteFunctions, type IGetNodeParameterOptions } from 'n8n-workflow';

import type { Provider } from '../../providers/AsyncGeneratorProvider';
import type { Usage } from '../../providers/types';
import { unlessAborted } from '../../transport/signals';
import { asFieldText } from '../shared/fields';
import { type OptionValues, readOptions } from '../shared/options';
import type { ProviderName } from '../shared/providers';
import type { RestingModels } from '../shared/restingModels';
import type { OpenedProvider, OpenedService } from '../shared/service';
import type { Lane } from './failureStreaks';
import type { Answer, AnswerRequest, Found } from './repeatedRows';
import type { SharedRun } from './SharedRun';

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
		return this.shared.parameter(name, this.itemIndex, fallback, options) as T;
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
		const { shared } = this;
		shared.limits.check();
		if (shared.limits.hasBroken) await this.checkLane();
		await shared.turn(this.itemIndex);
		shared.limits.check();
		if (shared.limits.hasBroken) await this.checkLane();
	}

	/**
	 * The provider for this item.
	 * @throws ProviderError for a credential that cannot work, and `limit` for one that others failed with
	 * @throws NodeOperationError for a run-wide setting that cannot be used
	 */
	async provider(): Promise<Provider> {
		if (this.opened === undefined && this.shared.limits.hasBroken) await this.checkLane();
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
		// It holds the request, with its files.
		this.noteAnswer = undefined;
	}

	/** @throws ProviderError `limit` where it would fail as others did */
	private async checkLane(): Promise<void> {
		this.shared.limits.checkLane(await this.openService(), this.model);
	}

	/** Where the item was sent, if it was. */
	private get lane(): Lane | undefined {
		const { service, opened, model, providerName } = this;
		if (service === undefined || opened === undefined) return undefined;
		const url = providerName === 'connectedModel' ? '' : opened.provider.url;
		return { service, url, model };
	}

	/** A connected node may hang before it has anything to ask. */
	private async openService(): Promise<OpenedService> {
		this.service ??= this.shared.service;
		return (this.service ??= await unlessAborted(this.shared.open(this.itemIndex), this.signal));
	}

	/** What the user chose, for telling models apart. */
	private readonly model = (): string => {
		if (this.providerName === 'connectedModel') return '';
		const { fallbackModels } = this.options();
		const chosen = this.parameter('model', '', { extractValue: true });
		return JSON.stringify([asFieldText(this, 'Model', chosen), fallbackModels]);
	};
}
