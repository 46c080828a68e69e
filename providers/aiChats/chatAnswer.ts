import type { ProviderChunk } from '../chunks';
import { readLines } from '../decode/readDecoded';
import { readPiece } from '../decode/readPiece';
import { readText } from '../decode/readText';
import { ProviderError } from '../errors';
import { errorDetails, pageError } from '../http/errors';
import { isWebPage } from '../http/serviceMessage';
import { firstVisible, isDocument, peek } from '../decode/peek';
import type { Transport, TransportResponse } from '../Transport';
import { StreamedAnswer } from './StreamedAnswer';

const OTHER_ANSWER_BYTES = 64 * 1024;

/** The answer to a `chat` request, piece by piece (docs/protocols.md, "Answer to chat"). */
export async function* readChatAnswer(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk[]> {
	const { head, all } = await peek(response.body, firstVisible());
	if (isOtherAnswer(response, head)) throw await otherAnswer({ ...response, body: all }, transport);
	const answer = new StreamedAnswer();
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
