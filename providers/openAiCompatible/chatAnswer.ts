import type { ProviderChunk } from '../chunks';
import { asObject, type JsonObject, parseJson } from '../decode/json';
import { firstVisible, isDocument, peek } from '../decode/peek';
import { readLines } from '../decode/readLines';
import { readText } from '../decode/readText';
import { readEventData } from '../decode/serverSentEvents';
import { ProviderError } from '../errors';
import { errorDetails, inBandError, pageError } from '../http/errors';
import { isWebPage } from '../http/serviceMessage';
import type { Transport, TransportResponse } from '../Transport';
import { completionChunks, refusalText } from './completion';
import { ToolCallIds } from './ToolCallIds';

const END_MARK = '[DONE]';
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
	const ids = new ToolCallIds();
	let broken: string | undefined;
	let refusal = '';
	let finished = false;
	for await (const data of readEventData(readLines(response.body))) {
		// Some servers send events with empty data to keep the connection open.
		if (data.trim() === '') continue;
		// Broken JSON with more behind it is a fault of the service; at the end it is a cut stream.
		if (broken !== undefined) throw brokenJson(response, broken, transport);
		if (data.trim() === END_MARK) {
			finished = true;
			break;
		}
		const parsed = parseJson(data);
		if (!parsed.ok) {
			broken = data;
			continue;
		}
		const completion = successful(parsed.value, data, response, transport);
		refusal += refusalText(completion);
		for (const chunk of completionChunks(completion, ids)) {
			finished ||= chunk.type === 'finish';
			yield chunk;
		}
	}
	failIfDeclined(refusal);
	if (!finished) throw new ProviderError('truncated', 'The answer broke off', { retryable: true });
}

function failIfDeclined(refusal: string): void {
	if (refusal === '') return;
	const serviceMessage = refusal.slice(0, 300);
	throw new ProviderError('refused', 'The model declined to answer', { serviceMessage });
}

/** The answer's object, unless it tells of an error. */
function successful(
	value: unknown,
	body: string,
	response: TransportResponse,
	transport: Transport,
): JsonObject {
	const object = asObject(value);
	const error = object?.['error'];
	const failed = error !== undefined && error !== null && error !== false;
	if (object !== undefined && !failed && object['object'] !== 'error') return object;
	throw inBandError(response, body, transport);
}

function brokenJson(
	response: TransportResponse,
	body: string,
	transport: Transport,
): ProviderError {
	const details = errorDetails(response, body, transport);
	return new ProviderError('protocol', 'The service sent broken JSON', details);
}
