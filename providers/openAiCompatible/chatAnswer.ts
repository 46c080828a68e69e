import type { ProviderChunk } from '../chunks';
import { parseJson } from '../decode/json';
import { firstVisible, isDocument, peek } from '../decode/peek';
import { readEventData } from '../decode/readDecoded';
import { readText } from '../decode/readText';
import { pageError } from '../http/errors';
import { isWebPage } from '../http/serviceMessage';
import type { Transport, TransportResponse } from '../Transport';
import { brokenJson, failIfDeclined, successful } from './answerErrors';
import { completionChunks, refusalText } from './completion';
import { StreamedAnswer } from './StreamedAnswer';
import { ToolCallIds } from './ToolCallIds';

const LARGEST_COMPLETION = 64 * 1024 * 1024;

/**
 * The answer to a chat request, streamed or, from servers that do not stream, as one completion.
 * @throws ProviderError `truncated` when a stream ends without `finish_reason` and `[DONE]`, `refused`
 * when the model declines to answer
 */
export async function* readChatAnswer(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk> {
	const { head, all } = await peek(response.body, firstVisible());
	const source = { ...response, body: all };
	const reader = isDocument(head) ? readCompletion : readStream;
	yield* reader(source, transport);
}

async function* readCompletion(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk> {
	const body = await readText(response.body, LARGEST_COMPLETION);
	if (isWebPage(body)) throw pageError(response, body, transport);
	const parsed = parseJson(body);
	if (!parsed.ok) throw brokenJson(response, body, transport);
	const completion = successful(parsed.value, body, response, transport);
	failIfDeclined(refusalText(completion));
	yield* completionChunks(completion, new ToolCallIds());
}

async function* readStream(
	response: TransportResponse,
	transport: Transport,
): AsyncGenerator<ProviderChunk> {
	const answer = new StreamedAnswer(response, transport);
	for await (const events of readEventData(response.body)) {
		for (const data of events) {
			for (const chunk of answer.read(data)) yield chunk;
		}
		if (answer.isOver) break;
	}
	answer.finish();
}
