import { type IExecuteFunctions, NodeConnectionTypes } from 'n8n-workflow';

import { AsyncGeneratorProvider } from '../../providers/AsyncGeneratorProvider';
import { answerAfterThinking } from '../../providers/thinking';
import { withPartialText } from '../../providers/collectReply';
import { asObject, asText } from '../../providers/decode/json';
import { refusal } from '../../providers/errors';
import { attachmentFailure } from '../../providers/openAiCompatible/attachments';
import type { Transport } from '../../providers/Transport';
import type { GenerateOptions, Message, ProviderChunk } from '../../providers/types';
import { LinkedController, unlessAborted } from '../../transport/signals';
import { timeoutError, type TimeLimits, Watchdog } from '../../transport/TimedTransport';
import { fieldError, holdsExpression } from '../shared/fields';
import { RestingModels } from '../shared/restingModels';
import { IndexProbe, type OpenedService } from '../shared/service';
import { connectedError, maskKeys, secretsIn } from './connectedError';
import { MessageReader, toLangChain } from './langChain';

/** What n8n's chat model nodes supply: LangChain's model, as far as it is used here. */
interface SuppliedModel {
	invoke(messages: readonly object[], options: { signal: AbortSignal }): Promise<unknown>;
	stream?(
		messages: readonly object[],
		options: { signal: AbortSignal },
	): Promise<AsyncIterable<unknown>>;
	readonly model?: unknown;
	readonly modelName?: unknown;
	readonly modelId?: unknown;
}

const MODEL = NodeConnectionTypes.AiLanguageModel;

/** Answers come from the connected node, which has the only connection: images are taken only as data. */
const NO_TRANSPORT: Transport = {
	send: async () => {
		throw refusal(
			'The connected chat model sent only a link to an image',
			'Use a model that sends the image itself.',
		);
	},
};

/**
 * The chat model that is connected to the node, as a provider. It keeps its own credential, model and
 * settings, and its own retries: a request that it gave up is not sent again here.
 */
export class ConnectedModel extends AsyncGeneratorProvider {
	/** Not known; nothing is sent there. */
	readonly url = 'https://connected-model.invalid';
	readonly apiEndpoint = this.url;
	readonly working = true;
	readonly supportsMessageHistory = true;
	readonly defaultModel: string;
	readonly models: readonly string[] = [];
	/** Each call counts as one request: how often the connected node repeated it, it does not tell. */
	readonly traffic = { attempts: 0, retries: 0 };

	constructor(
		private readonly supplied: SuppliedModel,
		private readonly limits: TimeLimits,
	) {
		super(NO_TRANSPORT);
		const { model, modelName, modelId } = supplied;
		const named = asText(model) ?? asText(modelName) ?? asText(modelId);
		this.defaultModel = named?.replace(/^models\//, '') ?? 'connected model';
	}

	/** The connected node has chosen. */
	override getModel(): string {
		return this.defaultModel;
	}

	async listModels(): Promise<string[]> {
		return [this.defaultModel];
	}

	async *createAsyncGenerator(
		_model: string | undefined,
		messages: readonly Message[],
		options: GenerateOptions = {},
	): AsyncGenerator<ProviderChunk> {
		this.traffic.attempts++;
		yield* withPartialText(answerAfterThinking(this.ask(messages, options)), options.maxAnswerSize);
	}

	/** Asked as a stream only where somebody watches: n8n's log has exact token counts of whole answers alone. */
	private async *ask(
		messages: readonly Message[],
		{ isWatched = false, signal }: GenerateOptions,
	): AsyncGenerator<readonly ProviderChunk[]> {
		const { limits } = this;
		const controller = new LinkedController(signal);
		const watchdog = new Watchdog(
			isWatched ? limits : { total: limits.total, firstByte: Infinity, idle: Infinity },
			(limit) => controller.abort(timeoutError(limit, limits)),
		);
		const reader = new MessageReader(messages.at(-1)?.content ?? '');
		let hasBegun = false;
		try {
			const sent = await toLangChain(messages);
			const answers = this.answers(sent, isWatched, controller.signal);
			for await (const answer of answers) {
				watchdog.pause();
				hasBegun = true;
				yield reader.read(answer);
				watchdog.expectMore();
			}
			yield reader.finish();
		} catch (error) {
			throw attachmentFailure(connectedError(error, controller.signal, hasBegun), messages);
		} finally {
			watchdog.end();
			// Ends what is left of a request that nobody reads any more.
			controller.abort();
		}
	}

	/** The whole answer, or its pieces. A model that does not heed the signal cannot hold up Stop. */
	private async *answers(
		messages: readonly object[],
		isWatched: boolean,
		signal: AbortSignal,
	): AsyncGenerator<unknown> {
		const { supplied } = this;
		if (!isWatched || supplied.stream === undefined) {
			yield await unlessAborted(supplied.invoke(messages, { signal }), signal);
			return;
		}
		const stream = await unlessAborted(supplied.stream(messages, { signal }), signal);
		const pieces = stream[Symbol.asyncIterator]();
		for (;;) {
			const next = await unlessAborted(pieces.next(), signal);
			if (next.done === true) return;
			yield next.value;
		}
	}
}

/**
 * The chat models of a run: what RunServices is for credentials. The connected node is asked once for all
 * items, or for each of them where its fields or its credential hold expressions.
 */
export class ConnectedModels {
	private readonly secrets = new Set<string>();
	/** Whether items may have models of their own; known once one is open. */
	mayDiffer = false;
	/** The one model of all items, once it is open. */
	opened: OpenedService | undefined;
	/** The same, or undefined where they may differ. */
	private common: Promise<OpenedService | undefined> | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly limits: TimeLimits,
		private readonly itemCount: number,
	) {}

	/** @throws NodeOperationError where nothing that chats is connected, ProviderError where it cannot be */
	async open(itemIndex: number): Promise<OpenedService> {
		if (!this.context.getNodeInputs().some(({ type }) => type === MODEL)) {
			throw refusal(
				'A connected chat model cannot be used here',
				"It works only with Chat, and not as a tool. Choose another 'Provider'.",
			);
		}
		this.common ??= this.openCommon();
		try {
			const common = await this.common;
			this.mayDiffer = common === undefined;
			if (common !== undefined) return (this.opened = common);
		} catch (error) {
			throw this.failureFor(itemIndex, error);
		}
		return this.serviceOf(itemIndex, await this.supply(itemIndex));
	}

	/** Takes the keys of the models, and whatever looks like a key, out of a text. */
	readonly redact = (text: string): string => maskKeys(text, this.secrets);

	private async openCommon(): Promise<OpenedService | undefined> {
		const isAlone = this.itemCount === 1;
		if (!isAlone && this.hasExpressions()) return undefined;
		// Its credential may hold expressions, too, which only their use tells.
		const probe = new IndexProbe();
		const asked = [this.supply(0), ...(isAlone ? [] : [this.supply(probe.index)])];
		const [first, probed = first] = await Promise.allSettled(asked);
		if (first === undefined || probe.isUsed || failureOf(first) !== failureOf(probed))
			return undefined;
		if (first.status === 'rejected') throw first.reason;
		return this.serviceOf(0, first.value);
	}

	private hasExpressions(): boolean {
		return this.nodes().some(
			({ parameters }) => parameters === undefined || holdsExpression(parameters),
		);
	}

	/** Also those behind the connected one, such as the models that a Model Selector chooses from. */
	private nodes() {
		const { name } = this.context.getNode();
		return this.context.getParentNodes(name, {
			connectionType: MODEL,
			includeNodeParameters: true,
		});
	}

	private async supply(itemIndex: number): Promise<unknown> {
		return await this.context.getInputConnectionData(MODEL, itemIndex);
	}

	private serviceOf(itemIndex: number, supplied: unknown): OpenedService {
		if (!isModel(supplied)) {
			throw fieldError(
				{ context: this.context, itemIndex },
				'The connected chat model cannot be used',
				'Connect a chat model node of n8n.',
			);
		}
		for (const secret of secretsIn(supplied)) this.secrets.add(secret);
		return {
			address: JSON.stringify(this.nodes()),
			provider: () => {
				const provider = new ConnectedModel(supplied, this.limits);
				return { provider, traffic: provider.traffic };
			},
			redact: this.redact,
			resting: new RestingModels(),
		};
	}

	/** The failure of all items, said of this one. */
	private failureFor(itemIndex: number, error: unknown): unknown {
		if (itemIndex === 0 || !(error instanceof Error)) return error;
		const description = asText(asObject(error)?.['description']) ?? '';
		return fieldError({ context: this.context, itemIndex }, error.message, description);
	}
}

/** In n8n's words; undefined for none. */
function failureOf(outcome: PromiseSettledResult<unknown> | undefined): string | undefined {
	if (outcome?.status !== 'rejected') return undefined;
	return String(asObject(outcome.reason)?.['description'] ?? outcome.reason);
}

function isModel(supplied: unknown): supplied is SuppliedModel {
	return typeof asObject(supplied)?.['invoke'] === 'function';
}
