import { numberParameter, type Directive } from '../directives/directive.mts';
import type { Exchange } from '../exchange.mts';
import { sendText } from '../wire/whole.mts';
import { statusPage } from './pages.mts';

const phrases: Record<number, string> = {
	400: 'The request was not understood.',
	401: 'The credentials are not valid.',
	403: 'Access is not allowed.',
	404: 'Not found.',
	408: 'The request took too long.',
	429: 'Too many requests. Please try again later.',
	503: 'The service is overloaded.',
};

export async function sendStatus(exchange: Exchange, directive: Directive): Promise<void> {
	const status = numberParameter(directive, 'code') ?? 500;
	for (const header of ['retry-after', 'retry-after-ms']) {
		const value = directive.parameters[header];
		if (value !== undefined) exchange.raw.setHeader(header, value);
	}
	const { contentType, text } = bodyOf(directive.parameters['body'] ?? 'json', status);
	await sendText(exchange, status, contentType, text);
}

function bodyOf(kind: string, status: number): { contentType: string; text: string } {
	const message = phrases[status] ?? 'The server had an error.';
	if (kind === 'html') return { contentType: 'text/html', text: statusPage(status) };
	if (kind === 'text') return { contentType: 'text/plain', text: message };
	const json = kind === 'azure' ? azureError(status, message) : plainError(status, message);
	return { contentType: 'application/json', text: JSON.stringify(json) };
}

function plainError(status: number, message: string): unknown {
	const type = status >= 500 ? 'server_error' : 'invalid_request_error';
	return { error: { message, type, param: null, code: null } };
}

function azureError(status: number, message: string): unknown {
	const innererror = { code: 'ResponsibleAIPolicyViolation', content_filter_result: {} };
	return { error: { code: String(status), message, status, innererror } };
}
