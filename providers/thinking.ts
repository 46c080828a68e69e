import { JoinedText } from './decode/body';
import { ProviderError, refusal, toProviderError } from './errors';
import type { ProviderChunk } from './types';

const OPENING = '<think>';
const CLOSING = '</think>';
/** White space around thinking is dropped up to here, in UTF-16 code units; more of it is text. */
const MAX_SPACE = 1000;

/**
 * Tells thinking and text apart while an answer arrives. Models that write `<think>…</think>` before their
 * answer do so through every server that does not cut it off (llama.cpp with `--reasoning-format none`, vLLM
 * without a reasoning parser, many proxies). Only the very beginning of an answer counts: anywhere else the tag
 * is a part of the text.
 */
export class ThinkingSplitter {
	private state: 'beginning' | 'thinking' | 'ended' | 'text' = 'beginning';
	/** What is not decided: white space, or characters that may become a tag. */
	private held = '';
	private hasThought = false;

	/** Whether everything from here on is text. */
	get isOver(): boolean {
		return this.state === 'text';
	}

	/** Appends what this text makes certain. */
	push(text: string, chunks: ProviderChunk[]): void {
		const all = this.held + text;
		this.held = '';
		if (this.state === 'beginning') this.begin(all, chunks);
		else if (this.state === 'thinking') this.think(all, chunks);
		else if (this.state === 'ended') this.answer(all, chunks);
		else chunks.push({ type: 'text', text: all });
	}

	/** Appends what is certain only at the end. */
	finish(chunks: ProviderChunk[]): void {
		const { held, state } = this;
		this.held = '';
		if (held === '' || state === 'ended') return;
		chunks.push({ type: state === 'thinking' ? 'reasoning' : 'text', text: held });
	}

	private begin(text: string, chunks: ProviderChunk[]): void {
		const visible = text.trimStart();
		if (visible.startsWith(OPENING)) {
			this.state = 'thinking';
			this.think(visible.slice(OPENING.length), chunks);
		} else if (OPENING.startsWith(visible) && text.length < MAX_SPACE) this.held = text;
		else {
			this.state = 'text';
			chunks.push({ type: 'text', text });
		}
	}

	private think(text: string, chunks: ProviderChunk[]): void {
		const end = text.indexOf(CLOSING);
		const certain = end < 0 ? text.length - partOfTag(text) : end;
		this.reason(text.slice(0, certain), chunks);
		if (end < 0) this.held = text.slice(certain);
		else {
			this.state = 'ended';
			this.answer(text.slice(end + CLOSING.length), chunks);
		}
	}

	/** Without the white space at its beginning: models that do not think write an empty block. */
	private reason(text: string, chunks: ProviderChunk[]): void {
		const visible = this.hasThought ? text : text.trimStart();
		if (visible === '') return;
		this.hasThought = true;
		chunks.push({ type: 'reasoning', text: visible });
	}

	private answer(text: string, chunks: ProviderChunk[]): void {
		const visible = text.length < MAX_SPACE ? text.trimStart() : text;
		if (visible === '') {
			this.held = text;
			return;
		}
		this.state = 'text';
		chunks.push({ type: 'text', text: visible });
	}
}

/** How many characters at the end of a text may be the beginning of the closing tag. */
function partOfTag(text: string): number {
	for (let length = Math.min(text.length, CLOSING.length - 1); length > 0; length--) {
		if (text.endsWith(CLOSING.slice(0, length))) return length;
	}
	return 0;
}

/**
 * Passes an answer on, with thinking told apart from its text, and sees to it that there is an answer: neither
 * text nor a tool call nor an image is an error that says why.
 */
export async function* answerAfterThinking(
	pieces: AsyncIterable<readonly ProviderChunk[]>,
): AsyncGenerator<readonly ProviderChunk[]> {
	const splitter = new ThinkingSplitter();
	const state = new AnswerState();
	try {
		for await (const piece of pieces) {
			const chunks = splitter.isOver ? piece : split(splitter, piece);
			state.note(chunks);
			yield chunks;
		}
	} catch (error) {
		const rest = endOf(splitter);
		if (rest.length > 0) yield rest;
		throw toProviderError(error);
	}
	const rest = endOf(splitter);
	state.note(rest);
	if (rest.length > 0) yield rest;
	if (state.isAnswered) return;
	const reasoning = state.reasoning.toString();
	throw emptyAnswer(state.finishReason, reasoning).afterText(reasoning);
}

function split(splitter: ThinkingSplitter, piece: readonly ProviderChunk[]): ProviderChunk[] {
	const chunks: ProviderChunk[] = [];
	for (const chunk of piece) {
		if (chunk.type === 'text') splitter.push(chunk.text, chunks);
		else chunks.push(chunk);
	}
	return chunks;
}

function endOf(splitter: ThinkingSplitter): ProviderChunk[] {
	const chunks: ProviderChunk[] = [];
	splitter.finish(chunks);
	return chunks;
}

/** What has come of an answer. */
class AnswerState {
	finishReason: string | undefined;
	isAnswered = false;
	readonly reasoning = new JoinedText();

	note(chunks: readonly ProviderChunk[]): void {
		if (this.isAnswered) return;
		for (const chunk of chunks) {
			const { type } = chunk;
			if (type === 'finish') this.finishReason = chunk.reason;
			else if (type === 'reasoning') this.reasoning.add(chunk.text);
			else if (type === 'text' || type === 'toolCall' || type === 'image') this.isAnswered = true;
		}
	}
}

/** A closing tag without its opening one, on a line of its own: some templates put the opening one into the prompt. */
const LONE_CLOSING = /(?:^|\n)<\/think>[ \t]*(?:\r?\n|$)/;
const FENCE = '```';

/**
 * The thinking before a closing tag that nothing opens, and the text after it; undefined where the tag may be a
 * part of the text: in the middle of a line, in a code block, or with nothing after it.
 */
export function splitAtLoneClosing(text: string): { reasoning: string; text: string } | undefined {
	if (!text.includes(CLOSING)) return undefined;
	const found = LONE_CLOSING.exec(text);
	if (found === null) return undefined;
	const reasoning = text.slice(0, found.index);
	const rest = text.slice(found.index + found[0].length).trimStart();
	const isInCode = reasoning.split(FENCE).length % 2 === 0;
	if (isInCode || reasoning.includes(OPENING) || rest === '') return undefined;
	return { reasoning: reasoning.trim(), text: rest };
}

/**
 * The error for a whole answer with neither text nor a tool call nor an image.
 * @param reason why it ended, as far as the service tells
 * @param reasoning what the model thought
 */
function emptyAnswer(reason: string | undefined, reasoning: string): ProviderError {
	if (reason === 'content_filter') {
		return refusal(
			"The service's content filter blocked the answer",
			'Change the prompt, or choose another model.',
		);
	}
	if (reason === 'length') {
		return refusal(
			'The token limit was used up before the answer began',
			"Raise 'Max Tokens', or let the model think less.",
		);
	}
	const [message, advice] =
		reasoning === ''
			? ['The model ended without an answer', 'Change the prompt, or choose another model.']
			: [
					'The model only reasoned and gave no answer',
					'Run the node again, or let the model think less.',
				];
	const ended = reason === undefined ? '' : ` It ended with the reason '${reason}'.`;
	return new ProviderError('protocol', message, { explanation: advice + ended });
}
