import type { ProviderChunk } from '../chunks';
import { parseJson } from '../decode/json';
import { firstVisible, isDocument, peek } from '../decode/peek';
import { readEventData } from '../decode/readDecoded';
import { readPiece } from '../decode/readPiece';
import { readText } from '../decode/readText';
import { pageError } from '../http/errors';
import { isWebPage } from '../http/serviceMessage';
import type { Transport, TransportResponse } from '../Transport';
import { brokenJson, failIfDeclined, successful } from './answerErrors';
import { completionChunks, refusalText } from './completion';
import { StreamedAnswer } from './StreamedAnswer';
import { ToolCallIds } from './ToolCallIds';

/** How long an answer that is over may take to end by itself, in ms. */
const LONGEST_LINGER = 100;
const LARGEST_COMPLETION = 64 * 1024 * 1024;

/**
 * The answer to a chat request, streamed or, from servers that do not stream, as one completion.
 * @throws ProviderError `truncated` when a stream ends without `finish_reason` and `[DONE]`, `refused`
 * when the model declines to answer
 */
export async function readChatAnswer(
	response: TransportResponse,
	transport: Transport,
): Promise<AsyncGenerator<ProviderChunk[]>> {
	const { head, all } = await peek(response.body, firstVisible());
	const source = { ...response, body: all };
	const reader = isDocument(head) ? readCompletion : readStream;
	return reader(source, transport);
}

async function* readCompletion(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk[]> {
	const body = await readText(response.body, LARGEST_COMPLETION);
	if (isWebPage(body)) throw pageError(response, body, transport);
	const parsed = parseJson(body);
	if (!parsed.ok) throw brokenJson(response, body, transport);
	const completion = successful(parsed.value, body, response, transport);
	failIfDeclined(refusalText(completion));
	yield [...completionChunks(completion, new ToolCallIds())];
}

async function* readStream(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk[]> {
	const answer = new StreamedAnswer(response, transport);
	const pieces = readEventData(response.body);
	for await (const events of pieces) {
		const { chunks, failure } = readPiece(events, (data) => answer.read(data));
		if (chunks.length > 0) yield chunks;
		if (failure !== undefined) throw failure.error;
		if (!answer.isOver) continue;
		await linger(pieces.next(), response);
		break;
	}
	answer.finish();
}

/** Nearly every answer ends with its end mark. Reading that end costs less than to break the connection. */
async function linger(end: Promise<unknown>, response: TransportResponse): Promise<void> {
	const timer = AbortSignal.timeout(LONGEST_LINGER);
	const close = () => response.close();
	timer.addEventListener('abort', close);
	// What comes behind the end mark, be it an error, is no longer of the answer.
	await end.catch(() => undefined);
	timer.removeEventListener('abort', close);
}
