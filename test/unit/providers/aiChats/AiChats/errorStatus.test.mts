import { describe, expect, test } from 'vitest';

import {
	eventStream,
	json,
	type MemoryAnswer,
	page,
} from '../../../../support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../../../support/pages.mts';

import { BROKEN, errorFor, HELLO, service } from './service.mts';

describe('an error status', () => {
	test('403 with a challenge asks for a person', async () => {
		expect((await errorFor(page(CAPTCHA_PAGE, 403))).kind).toBe('blocked');
	});

	test.each([
		['seconds', { 'retry-after': '3' }, 3000],
		['milliseconds', { 'retry-after-ms': '250' }, 250],
		['a past date', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
		['nothing', {}, undefined],
	])('429 with %s to wait', async (_form, headers, wait) => {
		const error = await errorFor({ status: 429, headers, chunks: ['Too many requests'] });
		expect(error).toMatchObject({ kind: 'http', retryable: true });
		expect(error.details).toMatchObject({ status: 429, serviceMessage: 'Too many requests' });
		expect(error.details.retryAfter).toBe(wait);
	});

	test.each([
		['HTML', page(PLAIN_PAGE, 500), 'Welcome to nginx!'],
		['JSON', json({ error: { message: 'Out of order' } }, 502), 'Out of order'],
		['text', { status: 503, chunks: ['upstream  timed\nout'] }, 'upstream timed out'],
		['nothing', { status: 504 }, ''],
	])('5xx with %s', async (_form, answer: MemoryAnswer, words) => {
		const error = await errorFor(answer);
		expect(error.kind).toBe('http');
		expect(error.message).toBe(`The service answered with status ${answer.status}`);
		expect(error.details.serviceMessage).toBe(words);
	});

	test('a redirect is followed, one that leads nowhere is an error', async () => {
		const location = 'https://ai-chats.org/new/';
		const { provider } = service({ status: 308, headers: { location } }, eventStream('data: a'));
		expect(await provider.createAsync('gpt-4', HELLO)).toBe('a');
		expect((await errorFor({ status: 302 })).details.status).toBe(302);
	});

	test('without an answer the transport’s error passes', async () => {
		expect(await errorFor(BROKEN)).toBe(BROKEN);
	});
});
