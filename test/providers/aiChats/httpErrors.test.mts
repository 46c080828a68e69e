import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn } from '../outcome.mts';
import { ACCESS, chat, saying } from './ask.mts';

const WORDS: Record<number, string> = {
	403: 'Access is not allowed.',
	429: 'Too many requests. Please try again later.',
	500: 'The server had an error.',
	502: 'The server had an error.',
	503: 'The service is overloaded.',
	504: 'The server had an error.',
};

const CASES = Object.keys(WORDS).flatMap((status) =>
	['html', 'json', 'text', 'azure'].map((body) => ({ status: Number(status), body })),
);

describeThroughBoth('Ai-Chats error statuses', { access: ACCESS }, (reach) => {
	it.each(CASES)('$status with $body', async ({ status, body }) => {
		const outcome = await chat(reach, `[[status code=${status} body=${body}]] hello`);
		const { kind, retryable, details } = failureIn(outcome);
		expect(kind).toBe('http');
		expect(details.status).toBe(status);
		expect(details.serviceMessage).toBe(body === 'html' ? String(status) : WORDS[status]);
		expect(retryable).toBe([429, 500, 502, 503, 504].includes(status));
		expect(details.requestId).toMatch(/^\S+$/);
		expect(outcome.chunks).toEqual([]);
	});

	it('reports how long a 429 asks to wait', async () => {
		const { error } = await chat(reach, '[[status code=429 retry-after=7]] hello');
		expect(error?.details.retryAfter).toBe(7000);
	});

	it.each(['captcha', 'checking'])('%s page with status 200 is a block', async (page) => {
		const outcome = await chat(reach, `[[${page}]] hello`);
		const { kind, retryable, details } = failureIn(outcome);
		expect({ kind, retryable }).toEqual({ kind: 'blocked', retryable: false });
		expect(details).toMatchObject({ status: 200, serviceMessage: 'Just a moment...' });
	});

	it('a captcha page that is compressed and split is a block too', async () => {
		const outcome = await chat(reach, '[[captcha]][[gzip]][[drip bytes=1]] hello');
		expect(failureIn(outcome).kind).toBe('blocked');
	});

	it.each(['empty', 'empty-stream', 'comments]][[text value=""'])(
		'%s is not an answer',
		async (directive) => {
			const outcome = await chat(reach, `[[${directive}]] hello`);
			const { kind, message, details } = failureIn(outcome);
			expect(kind).toBe('protocol');
			expect(message).toContain('empty answer');
			expect(details.partialText).toBeUndefined();
		},
	);

	it('white space alone is not an answer', async () => {
		expect(failureIn(await chat(reach, saying('  \n '))).kind).toBe('protocol');
	});

	it('an error document with status 200 is not text', async () => {
		const outcome = await chat(reach, '[[error-200]] hello');
		const { kind, details } = failureIn(outcome);
		expect(kind).toBe('protocol');
		expect(details).toMatchObject({ status: 200, serviceMessage: 'The server is overloaded.' });
		expect(outcome.texts).toEqual([]);
	});
});
