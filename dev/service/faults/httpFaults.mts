import type { Directive } from '../directives/directive.mts';
import type { Exchange } from '../exchange.mts';
import { reset } from '../wire/sever.mts';
import { sendText } from '../wire/whole.mts';
import { captchaPage, checkingPage } from './pages.mts';
import { sendRedirect } from './redirect.mts';
import { sendStatus } from './status.mts';

/** A fault that takes the place of the whole answer. */
export interface HttpFault {
	usage: string;
	explanation: string;
	answer(exchange: Exchange, directive: Directive): void | Promise<void>;
}

export const httpFaults: Record<string, HttpFault> = {
	status: {
		usage: 'status code=N retry-after=S retry-after-ms=MS body=html|json|text|azure',
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

/** @returns true when a fault of this kind was asked for, and so the request is answered. */
export async function answerWithHttpFault(exchange: Exchange): Promise<boolean> {
	const found = exchange.directives.firstIn(httpFaults);
	if (!found) return false;
	await found.entry.answer(exchange, found.directive);
	return true;
}
