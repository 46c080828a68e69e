import type { ProviderChunk } from '../chunks';
import { parseField } from '../decode/serverSentEvents';
import { ProviderError } from '../errors';
import { AnswerText } from './AnswerText';

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

	/** What a line says. @throws ProviderError `quota` when the free limit is used up */
	*read(line: string): Generator<ProviderChunk> {
		const field = parseField(line);
		if (field?.name !== 'data' || this.isOver) return;
		const word = field.value.trim();
		if (word === QUOTA_MARK) throw new ProviderError('quota', 'The free limit is used up');
		if (word === END_MARK) this.isOver = true;
		else yield* this.text(this.answer.push(field.value));
	}

	/** What is certain only at the end. @throws ProviderError `protocol` when there was no text */
	finish(): ProviderChunk[] {
		const rest = [...this.text(this.answer.finish())];
		if (this.hasText) return [...rest, { type: 'finish', reason: 'stop' }];
		throw new ProviderError('protocol', 'The service sent an empty answer');
	}

	private *text(text: string): Generator<ProviderChunk> {
		if (text === '') return;
		this.hasText = true;
		yield { type: 'text', text };
	}
}
