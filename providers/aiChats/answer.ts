import { firstVisible, isDocument, peek, readText } from '../decode/body';
import { parseField, readLines, readPiece } from '../decode/events';
import { ProviderError, tooLargeError } from '../errors';
import { inBandError, isWebPage, pageError, unexpected } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ProviderChunk } from '../types';

const OTHER_ANSWER_BYTES = 64 * 1024;

/** The answer to a `chat` request, piece by piece (docs/protocols.md, "Answer to chat"). */
export async function* readChatAnswer(
	response: TransportResponse,
): AsyncGenerator<ProviderChunk[]> {
	const { head, all } = await peek(response.body, firstVisible());
	if (isOtherAnswer(response, head)) throw await otherAnswer({ ...response, body: all });
	const answer = new StreamedAnswer(response);
	for await (const lines of readLines(all)) {
		const { chunks, failure } = readPiece(lines, (line) => answer.read(line));
		if (chunks.length > 0) yield chunks;
		if (failure !== undefined) throw failure.error;
		if (answer.isOver) break;
	}
	yield answer.finish();
}

/** A page or a JSON document, by its label or, where the label is wrong, by its first character. */
function isOtherAnswer(response: TransportResponse, head: Uint8Array): boolean {
	const contentType = response.headers['content-type'] ?? '';
	return /\b(html|json)\b/.test(contentType) || isDocument(head);
}

async function otherAnswer(response: TransportResponse): Promise<ProviderError> {
	const body = await readText(response.body, OTHER_ANSWER_BYTES);
	if (body.trim() === '') return new ProviderError('protocol', 'The service sent an empty answer');
	if (isWebPage(body)) return pageError(response, body);
	return unexpected('The service sent no event stream', response, body);
}

/** The service's mark, in place of text, that the free quota is used up. */
const QUOTA_MARK = 'trylimit';
/** Some gateways end their stream with it. */
const END_MARK = '[DONE]';

/** A streamed answer, line by line. */
export class StreamedAnswer {
	/** Whether the service has said that nothing follows. */
	isOver = false;
	private readonly answer = new AnswerText();
	private hasText = false;
	/** Whether the event under way is named `error`. */
	private isError = false;
	private last = '';

	constructor(private readonly response: TransportResponse) {}

	/** What a line says. @throws ProviderError `quota` when the free limit is used up */
	*read(line: string): Generator<ProviderChunk> {
		if (line === '') this.isError = false;
		const field = parseField(line);
		if (field?.name === 'event') this.isError = field.value.trim() === 'error';
		if (field?.name !== 'data' || this.isOver) return;
		if (this.isError) throw inBandError(this.response, field.value);
		const word = field.value.trim();
		if (word === QUOTA_MARK) throw new ProviderError('quota', 'The free limit is used up');
		if (word === END_MARK) this.isOver = true;
		else yield* this.text(this.answer.push(field.value));
	}

	/** What is certain only at the end. @throws ProviderError `protocol` when there was no text */
	finish(): ProviderChunk[] {
		const rest = [...this.text(this.answer.finish())];
		// Half a character at the end decodes to this one: the connection closed in the middle of it.
		if (this.last.endsWith('\uFFFD') && !this.isOver) {
			throw new ProviderError('truncated', 'The answer broke off');
		}
		if (this.hasText) return [...rest, { type: 'finish', reason: 'stop' }];
		throw new ProviderError('protocol', 'The service sent an empty answer');
	}

	private *text(text: string): Generator<ProviderChunk> {
		if (text === '') return;
		this.hasText = true;
		this.last = text;
		yield { type: 'text', text };
	}
}

/** Between two words, in UTF-16 code units. */
const MAX_SPACE = 64 * 1024;

/**
 * The text of an answer out of its fragments, as they come: the characters `\n` become line breaks
 * (also when they are split between two fragments) and the ends of the whole text are trimmed, for
 * which white space waits until text follows it.
 */
export class AnswerText {
	private waitingSpace: string[] = [];
	private waitingLength = 0;
	private waitingBackslash = '';
	private begun = false;

	/** The text that this fragment makes certain; empty when nothing is. */
	push(fragment: string): string {
		const text = (this.waitingBackslash + fragment).replaceAll('\\n', '\n');
		this.waitingBackslash = text.endsWith('\\') ? '\\' : '';
		const complete = text.slice(0, text.length - this.waitingBackslash.length);
		const visible = this.begun ? complete : complete.trimStart();
		const certain = visible.trimEnd();
		const space = visible.slice(certain.length);
		if (certain !== '') return this.takeSpace(space) + certain;
		if (space === '') return '';
		this.waitingSpace.push(space);
		this.waitingLength += space.length;
		if (this.waitingLength > MAX_SPACE) {
			throw tooLargeError('The white space between two words', MAX_SPACE);
		}
		return '';
	}

	/** What is certain only now that the text is over: a backslash at its end. */
	finish(): string {
		return this.waitingBackslash === '' ? '' : this.takeSpace('') + this.waitingBackslash;
	}

	private takeSpace(next: string): string {
		const space = this.waitingSpace.join('');
		this.waitingSpace = next === '' ? [] : [next];
		this.waitingLength = next.length;
		this.begun = true;
		return space;
	}
}
