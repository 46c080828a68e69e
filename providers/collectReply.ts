import { JoinedText } from './decode/body';
import { ProviderError, tooLargeError, toProviderError } from './errors';
import { splitAtLoneClosing } from './thinking';
import type {
	FinishReason,
	ImageResponse,
	ProviderChunk,
	Source,
	ToolCall,
	ToolCallDelta,
	Usage,
} from './types';

/** A whole answer. */
export interface Reply {
	text: string;
	/** What the model thought before it answered, where the service tells it apart. */
	reasoning: string;
	toolCalls: ToolCall[];
	images: ImageResponse[];
	/** One for each image, in their order. */
	revisedPrompts: Array<string | undefined>;
	/** Images that the service could not make, in its own words. */
	failedImages: string[];
	/** What was not done as requested, a sentence each, without its period. */
	notes: string[];
	/** In how many pieces the text arrived. */
	fragments: number;
	/** The model as the service names it. */
	model?: string;
	finishReason?: FinishReason;
	usage?: Usage;
	/** Where the answer's claims come from, where the service tells. */
	sources: Source[];
	/** How likely the tokens were, where that was asked for. */
	logprobs?: unknown[];
}

/** Who wants to see an answer's parts as they arrive; the answer waits for them. */
export interface ReplyListeners {
	onText?: ((text: string) => Promise<void>) | undefined;
	/** Must read the image's content, if it has one. */
	onImage?: ((image: ImageResponse) => Promise<void>) | undefined;
	/**
	 * Called once, at the end of every answer that began: one that failed is paid for, too.
	 * @returns the usage to report
	 */
	onUsage?: ((usage: Usage | undefined, isWhole: boolean) => Usage | undefined) | undefined;
}

/** Folds an answer's chunks into a reply. @throws what the chunks or a listener throw */
export async function collectReply(
	chunks: AsyncIterable<ProviderChunk> | Iterable<ProviderChunk>,
	{ onText, onImage, onUsage }: ReplyListeners = {},
): Promise<Reply> {
	const text = new JoinedText();
	const reasoning = new JoinedText();
	const reply: Reply = emptyReply();
	const calls = new Map<string, CollectedCall>();
	let hasBegun = false;
	let isWhole = false;
	try {
		for await (const chunk of chunks) {
			hasBegun = true;
			if (chunk.type === 'text') {
				text.add(chunk.text);
				await onText?.(chunk.text);
			} else if (chunk.type === 'image') {
				reply.images.push(chunk.image);
				await onImage?.(chunk.image);
			} else if (chunk.type === 'reasoning') reasoning.add(chunk.text);
			else if (chunk.type === 'toolCall') addToolCall(calls, chunk.delta);
			else note(reply, chunk);
		}
		isWhole = true;
	} finally {
		const usage = hasBegun ? onUsage?.(reply.usage, isWhole) : undefined;
		if (usage !== undefined) reply.usage = usage;
	}
	const toolCalls = Array.from(calls.values(), finished);
	const parts = withoutThinking(text.toString(), reasoning.toString());
	return { ...reply, ...parts, fragments: text.count, toolCalls };
}

/** The usage of two answers together. */
export function addUsage(first: Usage, second: Usage): Usage {
	const sum = { ...first };
	for (const name of Object.keys(second) as Array<keyof Usage>) {
		sum[name] = withoutNoise((first[name] ?? 0) + (second[name] ?? 0));
	}
	return sum;
}

/** A sum of decimals without what binary numbers add to it: 0.1 + 0.2 is 0.3. */
export function withoutNoise(amount: number): number {
	return Number.isInteger(amount) ? amount : Number(amount.toFixed(12));
}

/** Thinking that only its end gave away can be told apart only now that the text is whole. */
function withoutThinking(text: string, reasoning: string): Pick<Reply, 'text' | 'reasoning'> {
	const parts = reasoning === '' ? splitAtLoneClosing(text) : undefined;
	return parts ?? { text, reasoning };
}

export function emptyReply(): Reply {
	return {
		text: '',
		reasoning: '',
		toolCalls: [],
		images: [],
		revisedPrompts: [],
		failedImages: [],
		notes: [],
		sources: [],
		fragments: 0,
	};
}

type Note = Exclude<ProviderChunk, { type: 'text' | 'image' | 'reasoning' | 'toolCall' }>;

function note(reply: Reply, chunk: Note): void {
	if (chunk.type === 'finish') reply.finishReason = chunk.reason;
	else if (chunk.type === 'usage') reply.usage = chunk.usage;
	else if (chunk.type === 'failedImages') {
		reply.failedImages = [...reply.failedImages, ...chunk.messages];
	} else if (chunk.type === 'note') reply.notes.push(chunk.text);
	else if (chunk.type === 'sources') reply.sources.push(...chunk.sources);
	else if (chunk.type === 'model') reply.model = chunk.model;
	else if (chunk.type === 'revisedPrompts') reply.revisedPrompts = chunk.prompts;
	// One by one: as arguments of a single call, many of them do not fit on the stack.
	else for (const entry of chunk.logprobs) (reply.logprobs ??= []).push(entry);
}

/** A call under way. */
interface CollectedCall extends Omit<ToolCall, 'arguments'> {
	json: JoinedText;
}

function finished({ json, ...call }: CollectedCall): ToolCall {
	return { ...call, arguments: json.toString() };
}

function addToolCall(calls: Map<string, CollectedCall>, delta: ToolCallDelta): void {
	const known = calls.get(delta.id) ?? { id: delta.id, name: '', json: new JoinedText() };
	calls.set(delta.id, known);
	known.name ||= delta.name ?? '';
	known.json.add(delta.arguments);
	if (delta.extra !== undefined) known.extra = delta.extra;
}

/** What a part of a call or of its like takes at least, in bytes. */
const MIN_PART_BYTES = 64;

/**
 * Passes an answer on chunk by chunk. When it fails after text has arrived, the error carries that text and is
 * no longer retryable, as asking again would send the text twice.
 * @param pieces the chunks that each piece of the body brought: kept together up to here, because a turn of an
 * asynchronous loop takes longer than reading a chunk
 * @param maxSize of everything that the answer sends (text, reasoning, tool calls and what comes with them),
 * in bytes of UTF-8
 * @throws ProviderError also `refused` for an answer that is larger
 */
export async function* withPartialText(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
	maxSize = Infinity,
): AsyncGenerator<ProviderChunk> {
	const text = new JoinedText();
	let bytes = 0;
	try {
		for await (const chunks of pieces) {
			for (const chunk of chunks) {
				bytes += sizeOf(chunk);
				if (bytes > maxSize) throw tooLarge(maxSize);
				if (chunk.type === 'text') text.add(chunk.text);
				yield chunk;
			}
		}
	} catch (error) {
		throw toProviderError(error).afterText(text.toString());
	}
}

/** Of what makes an answer grow, in bytes: the fields of a call, however empty, take memory too. */
function sizeOf(chunk: ProviderChunk): number {
	if ('text' in chunk) return Buffer.byteLength(chunk.text);
	if (chunk.type === 'toolCall') return sizeOfCall(chunk.delta);
	if (chunk.type === 'logprobs') return MIN_PART_BYTES * chunk.logprobs.length;
	return chunk.type === 'sources' ? Buffer.byteLength(JSON.stringify(chunk.sources)) : 0;
}

function sizeOfCall({ name = '', arguments: json, extra }: ToolCallDelta): number {
	const more = extra === undefined ? '' : JSON.stringify(extra);
	return MIN_PART_BYTES + Buffer.byteLength(name) + Buffer.byteLength(json) + more.length;
}

function tooLarge(maxSize: number): ProviderError {
	return tooLargeError('The answer', maxSize, 'Max Answer Size');
}
