import type { ProviderChunk } from '../chunks';
import { readLines } from '../decode/readDecoded';
import { parseField } from '../decode/serverSentEvents';
import { readText } from '../decode/readText';
import { ProviderError } from '../errors';
import { errorDetails, pageError } from '../http/errors';
import { isWebPage } from '../http/serviceMessage';
import { firstVisible, isDocument, peek } from '../decode/peek';
import type { Transport, TransportResponse } from '../Transport';
import { AnswerText } from './AnswerText';

/** The service's mark, in place of text, that the free quota is used up. */
const QUOTA_MARK = 'trylimit';
/** Some gateways end their stream with it. */
const END_MARK = '[DONE]';
const OTHER_ANSWER_BYTES = 64 * 1024;

/** The answer to a `chat` request, fragment by fragment (docs/protocols.md, "Answer to chat"). */
export async function* readChatAnswer(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk> {
	const { head, all } = await peek(response.body, firstVisible());
	if (isOtherAnswer(response, head)) throw await otherAnswer({ ...response, body: all }, transport);
	const answer = new AnswerText();
	let hasText = false;
	for await (const payload of readPayloads(all)) {
		const text = answer.push(payload);
		if (text === '') continue;
		hasText = true;
		yield { type: 'text', text };
	}
	const rest = answer.finish();
	if (rest !== '') yield { type: 'text', text: rest };
	else if (!hasText) throw new ProviderError('protocol', 'The service sent an empty answer');
	yield { type: 'finish', reason: 'stop' };
}

/** A page or a JSON document, by its label or, where the label is wrong, by its first character. */
function isOtherAnswer(response: TransportResponse, head: Uint8Array): boolean {
	const contentType = response.headers['content-type'] ?? '';
	return /\b(html|json)\b/.test(contentType) || isDocument(head);
}

async function* readPayloads(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	for await (const lines of readLines(body)) {
		for (const line of lines) {
			const field = parseField(line);
			if (field?.name !== 'data') continue;
			const word = field.value.trim();
			if (word === END_MARK) return;
			if (word === QUOTA_MARK) throw new ProviderError('quota', 'The free limit is used up');
			yield field.value;
		}
	}
}

async function otherAnswer(
	response: TransportResponse,
	transport: Transport,
): Promise<ProviderError> {
	const body = await readText(response.body, OTHER_ANSWER_BYTES);
	if (body.trim() === '') return new ProviderError('protocol', 'The service sent an empty answer');
	if (isWebPage(body)) return pageError(response, body, transport);
	return new ProviderError(
		'protocol',
		'The service sent no event stream',
		errorDetails(response, body, transport),
	);
}
