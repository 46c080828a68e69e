import { asObject, type JsonObject, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import { inBandError, unexpected } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import { type Failure, isError } from './completion';
import { asCompletion } from './responses';

/** What answers without choices report failures in, besides `error`. */
const FAILURE_FIELDS = ['message', 'msg', 'detail', 'errors', 'error_msg', 'error_message'];

/**
 * The completion of an answer, or the chunk of one event of it, whichever of OpenAI's APIs it comes by.
 * @throws ProviderError for one that reports an error: in `error`, or, without choices, in another field
 */
export function successful(value: unknown, body: string, response: TransportResponse): JsonObject {
	const object = asObject(value);
	if (object === undefined) throw inBandError(response, body);
	if (reportsError(object)) throw inBandError(response, body);
	if ('choices' in object) return object;
	const completion = asCompletion(object);
	if (reportsError(completion)) throw inBandError(response, JSON.stringify(completion));
	return completion;
}

function reportsError(object: JsonObject): boolean {
	if (isError(object['error']) || object['object'] === 'error') return true;
	const { choices, usage } = object;
	if (Array.isArray(choices) && choices.length > 0) return false;
	if (isError(asObject(object['base_resp'])?.['status_code'])) return true;
	// A message with a content is an answer in another protocol, such as Ollama's own.
	if (asObject(object['message'])?.['content'] !== undefined) return false;
	return asObject(usage) === undefined && FAILURE_FIELDS.some((field) => isError(object[field]));
}

/** The error for a whole answer without a choice: it quotes what came instead. */
export function noChoice(response: TransportResponse, body: string): ProviderError {
	return unexpected('The service sent an empty answer', response, body);
}

/** The error for an answer that the service reports as failed. */
export function failedAnswer(
	response: TransportResponse,
	{ reason, error }: Failure,
): ProviderError {
	if (error !== '') return inBandError(response, error);
	return new ProviderError('truncated', 'The service broke the answer off', {
		explanation: `Its reason is '${reason}': run the node again.`,
		retryable: true,
	});
}

/** Whether a line that belongs to no event reports an error. */
export function isErrorLine(line: string): boolean {
	const parsed = line.startsWith('{') ? parseJson(line) : undefined;
	return parsed?.ok === true && isError(asObject(parsed.value)?.['error']);
}

/** The error for the model's refusal. */
export function declined(refusal: string): ProviderError {
	return new ProviderError('refused', 'The model declined to answer', { serviceMessage: refusal });
}
