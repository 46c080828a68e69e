import { expect, test } from 'vitest';

import { aiChatsTest } from '../../../credentials/aiChatsTest.ts';

const rules = aiChatsTest.rules ?? [];

test('asks below the base URL for nothing that costs', () => {
	expect(aiChatsTest.request).toMatchObject({
		method: 'POST',
		baseURL: '={{ $credentials.baseUrl }}',
		url: '/chat/send2/',
		body: { type: 'chat', messagesHistory: [] },
	});
});

test('that its empty conversation is refused is no failure, every other error status is', () => {
	const { ignoreHttpStatusErrors } = aiChatsTest.request;
	const { except } = ignoreHttpStatusErrors as { except: number[] };
	expect([400, 422].some((status) => except.includes(status))).toBe(false);
	expect([401, 403, 404, 429, 500, 599].every((status) => except.includes(status))).toBe(true);
});

test.each([
	[403, /captcha/],
	[404, /base URL/],
	[405, /base URL/],
])('the status %i is told in words', (status, words) => {
	const told = rules.map(({ properties }) => properties as { value?: unknown; message: string });
	expect(told.find(({ value }) => value === status)?.message).toMatch(words);
});

test('so is a web page', () => {
	const [rule] = rules.filter(({ type }) => type === 'responseSuccessBody');
	expect(rule?.properties).toMatchObject({ key: '0', value: '<' });
	expect(rule?.properties.message).toContain('captcha');
});
