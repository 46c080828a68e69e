import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn } from '../outcome.mts';
import { ACCESS, chat, COOKIE, saying } from './ask.mts';

describeThroughBoth('Ai-Chats redirects', { access: ACCESS }, (reach) => {
	const seen = () =>
		reach.service.requests.map(({ origin, method, headers }) => ({
			origin,
			method,
			cookie: headers.cookie,
		}));

	it.each(['same', 'service'])('to=%s is followed with the cookie and the body', async (to) => {
		const { text } = await chat(reach, saying('Hello', `redirect to=${to} code=307`));
		expect(text).toBe('Hello');
		const request = { origin: 'service', method: 'POST', cookie: COOKIE };
		expect(seen()).toEqual([request, request]);
	});

	it.each([301, 302, 307, 308])('%d does not take the prompt to another origin', async (code) => {
		const outcome = await chat(reach, saying('Hello', `redirect to=images code=${code}`));
		const { kind, details } = failureIn(outcome);
		expect(kind).toBe('refused');
		expect(details.explanation).toContain(new URL(reach.service.url).origin);
		expect(seen()).toEqual([{ origin: 'service', method: 'POST', cookie: COOKIE }]);
	});

	it('302 keeps the request a POST', async () => {
		const { text } = await chat(reach, saying('Hello', 'redirect to=service code=302'));
		expect(text).toBe('Hello');
		expect(seen()[1]).toEqual({ origin: 'service', method: 'POST', cookie: COOKIE });
	});

	it('a circle ends after five hops', async () => {
		const outcome = await chat(reach, '[[redirect to=loop]] hello');
		expect(failureIn(outcome)).toMatchObject({ kind: 'protocol', retryable: false });
		expect(seen()).toHaveLength(6);
	});

	it('a redirect to a file is refused', async () => {
		const outcome = await chat(reach, '[[redirect to=file]] hello');
		expect(failureIn(outcome).kind).toBe('refused');
		expect(seen()).toHaveLength(1);
	});
});
