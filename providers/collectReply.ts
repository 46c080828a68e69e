import { ProviderError, toProviderError, tooLargeError } from './errors';
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
}

/** Folds an answer's chunks into a reply. @throws what the chunks or a listener throw */
export async function collectReply(
	chunks: AsyncIterable<ProviderChunk> | Iterable<ProviderChunk>,
	{ onText, onImage }: ReplyListeners = {},
): Promise<Reply> {
	const texts: string[] = [];
	const reasoning: string[] = [];
	const reply: Reply = emptyReply();
	const calls = new Map<string, ToolCall>();
	for await (const chunk of chunks) {
		if (chunk.type === 'text') {
			texts.push(chunk.text);
			await onText?.(chunk.text);
		} else if (chunk.type === 'image') {
			reply.images.push(chunk.image);
			await onImage?.(chunk.image);
		} else if (chunk.type === 'reasoning') reasoning.push(chunk.text);
		else if (chunk.type === 'toolCall') addToolCall(calls, chunk.delta);
		else note(reply, chunk);
	}
	return {
		...reply,
		text: texts.join(''),
		fragments: texts.length,
		reasoning: reasoning.join(''),
		toolCalls: [...calls.values()],
	};
}

function emptyReply(): Reply {
	return {
		text: '',
		reasoning: '',
		toolCalls: [],
		images: [],
		revisedPrompts: [],
		sources: [],
		fragments: 0,
	};
}

type Note = Exclude<ProviderChunk, { type: 'text' | 'image' | 'reasoning' | 'toolCall' }>;

function note(reply: Reply, chunk: Note): void {
	if (chunk.type === 'finish') reply.finishReason = chunk.reason;
	else if (chunk.type === 'usage') reply.usage = chunk.usage;
	else if (chunk.type === 'sources') reply.sources.push(...chunk.sources);
	else if (chunk.type === 'model') reply.model = chunk.model;
	else if (chunk.type === 'revisedPrompts') reply.revisedPrompts = chunk.prompts;
	// One by one: as arguments of a single call, many of them do not fit on the stack.
	else for (const entry of chunk.logprobs) (reply.logprobs ??= []).push(entry);
}

function addToolCall(calls: Map<string, ToolCall>, delta: ToolCallDelta): void {
	const known = calls.get(delta.id);
	if (known === undefined) {
		calls.set(delta.id, {
			id: delta.id,
			name: delta.name ?? '',
			arguments: delta.arguments,
			...extraOf(delta),
		});
	} else {
		known.name ||= delta.name ?? '';
		known.arguments += delta.arguments;
		Object.assign(known, extraOf(delta));
	}
}

/** What a part of a call or of its like takes at least. */
const MIN_PART_BYTES = 64;

/**
 * Passes an answer on chunk by chunk; when it fails after text has arrived, the error carries that text and is no
 * longer retryable, for asking again would send it twice.
 * @param pieces the chunks that each piece of the body brought: taken together as far as here, because
 * a turn of an asynchronous loop takes longer than to read a chunk
 * @param largest most text to take, in bytes of UTF-8
 * @throws ProviderError also `refused` for an answer that is larger
 */
export async function* withPartialText(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
	largest = Infinity,
): AsyncGenerator<ProviderChunk> {
	const fragments: string[] = [];
	let bytes = 0;
	try {
		for await (const chunks of pieces) {
			for (const chunk of chunks) {
				bytes += sizeOf(chunk);
				if (bytes > largest) throw tooLarge(largest);
				if (chunk.type === 'text') fragments.push(chunk.text);
				yield chunk;
			}
		}
	} catch (error) {
		throw toProviderError(error).afterText(fragments.join(''));
	}
}

/** Of what makes an answer grow, in bytes: the fields of a call, however empty, take memory too. */
function sizeOf(chunk: ProviderChunk): number {
	if ('text' in chunk) return Buffer.byteLength(chunk.text);
	if (chunk.type === 'logprobs') return MIN_PART_BYTES * chunk.logprobs.length;
	if (chunk.type !== 'toolCall') return 0;
	return MIN_PART_BYTES + Buffer.byteLength(chunk.delta.arguments);
}

function tooLarge(largest: number): ProviderError {
	return tooLargeError('The answer', largest, 'Max Answer Size');
}

function extraOf({ extra }: ToolCallDelta): Pick<ToolCall, 'extra'> {
	return extra === undefined ? {} : { extra };
}
