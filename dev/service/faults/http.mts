import { type Directive, numberParameter } from '../directives.mts';
import { type Exchange, reset } from '../exchange.mts';
import { sendText } from '../wire/send.mts';

/** HTML pages as proxies and guards in front of a service show them. */
export const captchaPage = page(
	'Just a moment...',
	'<form id="challenge-form"><h1>Please complete the captcha</h1><div class="captcha"></div></form>',
);

export const checkingPage = page(
	'Just a moment...',
	'<h1>Checking your browser before accessing this site.</h1><p>This is automatic.</p>',
);

export const missingImagePage = page(
	'Image not available',
	'<h1>This image is no longer available</h1>',
);

export function statusPage(status: number): string {
	return page(`${status}`, `<h1>${status}</h1><hr><center>nginx</center>`);
}

function page(title: string, body: string): string {
	return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${body}</body></html>\n`;
}

/** A redirected request that arrives a second time is answered. */
export const landedMark = 'redirected=1';

export function sendRedirect(exchange: Exchange, directive: Directive): void {
	const code = numberParameter(directive, 'code') ?? 307;
	const location = locationOf(exchange, directive.parameters['to'] ?? 'same');
	exchange.raw.writeHead(code, { location, 'content-length': 0 }).end();
}

function locationOf(exchange: Exchange, target: string): string {
	const { service } = exchange;
	const path = exchange.record.path.split('?')[0] ?? '/';
	const origins: Record<string, string> = {
		same: '',
		service: service.url,
		images: service.imagesUrl,
	};
	if (target === 'file') return 'file:///etc/hostname';
	if (target === 'loop') return `${path}?redirected=loop`;
	return `${origins[target] ?? ''}${path}?${landedMark}`;
}

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
	if (kind === 'context') {
		const tooLong = "This model's maximum context length is 8192 tokens.";
		return { contentType: 'application/json', text: JSON.stringify(plainError(status, tooLong)) };
	}
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

/** A fault that replaces the entire answer. */
export interface HttpFault {
	usage: string;
	explanation: string;
	answer(exchange: Exchange, directive: Directive): void | Promise<void>;
}

export const httpFaults: Record<string, HttpFault> = {
	status: {
		usage: 'status code=N retry-after=S retry-after-ms=MS body=html|json|text|azure|context',
		explanation: 'an error status with a body of that kind (default json)',
		answer: sendStatus,
	},
	captcha: {
		usage: 'captcha',
		explanation: '200 with the HTML of a captcha',
		answer: sendCaptcha,
	},
	checking: {
		usage: 'checking',
		explanation: '200 with an HTML page that checks the browser',
		answer: async (exchange) => await sendText(exchange, 200, 'text/html', checkingPage),
	},
	empty: {
		usage: 'empty',
		explanation: '200 and no body',
		answer: async (exchange) => await sendText(exchange, 200, 'text/plain', ''),
	},
	'empty-stream': {
		usage: 'empty-stream',
		explanation: 'an event stream that ends without an event',
		answer: (exchange) => {
			exchange.raw.writeHead(200, { 'content-type': 'text/event-stream' }).end();
		},
	},
	redirect: {
		usage: 'redirect to=same|service|images|loop|file code=302|307|308',
		explanation: 'a redirect, default 307; the request is answered where it lands',
		answer: sendRedirect,
	},
	reset: {
		usage: 'reset',
		explanation: 'the connection is reset (RST) before an answer',
		answer: reset,
	},
	stall: {
		usage: 'stall',
		explanation: 'the headers of the answer never come',
		answer: async (exchange) => await exchange.untilClosed(),
	},
};

export async function sendCaptcha(exchange: Exchange): Promise<void> {
	await sendText(exchange, 200, 'text/html', captchaPage);
}

/** @returns true if a fault of this kind was requested, and the request is therefore answered. */
export async function answerWithHttpFault(exchange: Exchange): Promise<boolean> {
	const found = exchange.directives.firstIn(httpFaults);
	if (!found) return false;
	await found.entry.answer(exchange, found.directive);
	return true;
}
