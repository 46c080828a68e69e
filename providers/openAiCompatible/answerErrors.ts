import { asObject, type JsonObject } from '../decode/json';
import { ProviderError } from '../errors';
import { errorDetails, inBandError } from '../http/errors';
import type { Transport, TransportResponse } from '../Transport';

/** @throws ProviderError `refused` where there are words of refusal */
export function failIfDeclined(refusal: string): void {
	if (refusal === '') return;
	const serviceMessage = refusal.slice(0, 300);
	throw new ProviderError('refused', 'The model declined to answer', { serviceMessage });
}

/** The answer's object. @throws ProviderError for one that tells of an error */
export function successful(
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

/** The error of an answer that is not JSON. */
export function brokenJson(
	response: TransportResponse,
	body: string,
	transport: Transport,
): ProviderError {
	const details = errorDetails(response, body, transport);
	return new ProviderError('protocol', 'The service sent broken JSON', details);
}
