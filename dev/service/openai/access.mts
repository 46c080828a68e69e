import type { Exchange } from '../exchange.mts';
import { openAiError } from './errors.mts';
import { sendJson } from '../wire/whole.mts';

/** @returns false when the key is wrong; then the request has been answered with 401. */
export async function checkKey(exchange: Exchange): Promise<boolean> {
	const { headers, origin } = exchange.record;
	const { apiKey } = exchange.service.options;
	if (!apiKey || origin !== 'service' || headers.authorization === `Bearer ${apiKey}`) return true;
	const message = headers.authorization
		? `Incorrect API key provided: ${masked(headers.authorization)}.`
		: "You didn't provide an API key.";
	await sendJson(exchange, 401, openAiError(message, 'invalid_request_error', 'invalid_api_key'));
	return false;
}

// Masked as the provider does it, so that clients are tested against the real wording.
function masked(authorization: string): string {
	const key = authorization.replace(/^Bearer /i, '');
	return key.length > 8 ? `${key.slice(0, 3)}***${key.slice(-4)}` : '***';
}
