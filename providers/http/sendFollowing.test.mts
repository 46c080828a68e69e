import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { MemoryTransport } from '../../test/support/memoryTransport.mts';
import { collect } from '../../test/support/streams.mts';
import { ProviderError } from '../errors.ts';
import { type Outgoing, sendFollowing } from './sendFollowing.ts';
import { USER_AGENT } from './urls.ts';

const SERVICE = 'https://ai-chats.org/base';
const POST: Outgoing = {
	method: 'POST',
	url: 'https://ai-chats.org/base/chat/send2/',
	headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
	body: '{}',
	signal: new AbortController().signal,
};
/** Every request says who sends it. */
const SENT: Outgoing = { ...POST, headers: { ...POST.headers, 'user-agent': USER_AGENT } };
const GET: Outgoing = { method: 'GET', url: 'https://cdn.example/a.png', headers: {} };

function redirect(location: string, status = 302) {
	return { status, headers: { location } };
}

async function sent(
	request: Outgoing,
	...answers: ConstructorParameters<typeof MemoryTransport>[0]
) {
	const transport = new MemoryTransport(answers);
	const response = await sendFollowing(transport, SERVICE, request);
	return { transport, response };
}

test('an answer that is no redirect is the answer', async () => {
	const { transport, response } = await sent(POST, { status: 200 });
	expect(response.status).toBe(200);
	expect(transport.requests).toEqual([{ ...SENT, authenticated: true }]);
	expect(transport.answers[0]?.closed).toBe(false);
});

describe('the method', () => {
	test('303 turns POST into GET without a body', async () => {
		const { transport } = await sent(POST, redirect('/next', 303), {});
		expect(transport.requests[1]).toEqual({
			method: 'GET',
			url: 'https://ai-chats.org/next',
			headers: { accept: 'text/event-stream', 'user-agent': USER_AGENT },
			signal: POST.signal,
			authenticated: true,
		});
	});

	test.each([301, 302, 307, 308])(
		'%i keeps method, body and headers at the same origin',
		async (status) => {
			const { transport } = await sent(POST, redirect('next', status), {});
			expect(transport.requests[1]).toEqual({
				...SENT,
				url: 'https://ai-chats.org/base/chat/send2/next',
				authenticated: true,
			});
		},
	);

	test.each([301, 302, 303, 307, 308])('%i keeps GET', async (status) => {
		const { transport } = await sent(GET, redirect('/b.png', status), {});
		expect(transport.requests[1]).toMatchObject({
			method: 'GET',
			url: 'https://cdn.example/b.png',
		});
	});
});

describe('credentials', () => {
	test('go along at the service’s own origin, until another one was asked', async () => {
		const { transport } = await sent(
			{ ...GET, url: 'https://ai-chats.org/a.png' },
			redirect('/b.png'),
			redirect('https://other.example/'),
			redirect('https://ai-chats.org/back'),
			redirect('/on'),
			{},
		);
		expect(transport.requests.map(({ url, authenticated }) => [url, authenticated])).toEqual([
			['https://ai-chats.org/a.png', true],
			['https://ai-chats.org/b.png', true],
			['https://other.example/', false],
			['https://ai-chats.org/back', false],
			['https://ai-chats.org/on', false],
		]);
	});

	test.each(['http://ai-chats.org/a.png', 'https://ai-chats.org:444/a.png'])(
		'do not go along to %s, of another scheme or port',
		async (location) => {
			const service = { ...GET, url: 'https://ai-chats.org/a.png' };
			const { transport } = await sent(service, redirect(location), {});
			expect(transport.requests[1]?.authenticated).toBe(false);
		},
	);

	test.each(['https://ai-chats.org.evil.example/', 'https://evil.example/ai-chats.org'])(
		'do not go to %s',
		async (url) => {
			const { transport } = await sent({ ...GET, url }, {});
			expect(transport.requests[0]?.authenticated).toBe(false);
		},
	);
});

describe('a prompt stays where it was sent', () => {
	const ELSEWHERE = [
		'https://other.example/chat?key=s3cret',
		'http://ai-chats.org/base/chat/send2/',
		'https://ai-chats.org:444/',
		'https://api.ai-chats.org/',
	];

	test.each(
		[301, 302, 307, 308].flatMap((status) => ELSEWHERE.map((url) => [status, url] as const)),
	)('%i to %s is refused with both addresses', async (status, location) => {
		const transport = new MemoryTransport([redirect(location, status)]);
		const error = await providerErrorOf(() => sendFollowing(transport, SERVICE, POST));
		expect(error).toMatchObject({ kind: 'refused', isForEveryItem: true });
		const { origin, pathname } = new URL(location);
		expect(error.details.explanation).toContain(
			`https://ai-chats.org/base/chat/send2/ redirects to ${origin}${pathname}.`,
		);
		expect(error.details.explanation).not.toContain('s3cret');
		expect(transport.requests).toHaveLength(1);
		expect(transport.letGoOfAll).toBe(true);
	});

	test('303 leads elsewhere without it, and without the address it came from', async () => {
		const headers = {
			...POST.headers,
			origin: 'https://ai-chats.org',
			referer: `${SERVICE}/chat/`,
		};
		const { transport } = await sent(
			{ ...POST, headers: { ...headers, 'idempotency-key': 'k' }, isCostly: true },
			redirect('https://other.example/', 303),
			{},
		);
		expect(transport.requests[1]).toEqual({
			method: 'GET',
			url: 'https://other.example/',
			headers: { accept: 'text/event-stream', 'user-agent': USER_AGENT },
			signal: POST.signal,
			authenticated: false,
		});
	});
});

describe('redirects that lead nowhere', () => {
	test.each([301, 302, 303, 307, 308])('%i without a location is the answer', async (status) => {
		const { transport, response } = await sent(POST, { status });
		expect(response.status).toBe(status);
		expect(transport.answers[0]?.closed).toBe(false);
	});

	test.each([300, 304, 305, 201])('%i with a location is the answer', async (status) => {
		const { response } = await sent(GET, redirect('/x', status));
		expect(response.status).toBe(status);
	});

	test('a loop ends after five redirects, every answer closed', async () => {
		const answers = Array.from({ length: 10 }, () => redirect('/again', 307));
		const transport = new MemoryTransport(answers);
		const error = await providerErrorOf(() => sendFollowing(transport, SERVICE, POST));
		expect(error.kind).toBe('protocol');
		expect(error.message).toContain('more than 5 times');
		expect(transport.requests).toHaveLength(6);
		expect(transport.answers.every(({ closed }) => closed)).toBe(true);
	});

	test('five redirects are followed', async () => {
		const answers = Array.from({ length: 5 }, () => redirect('/again', 307));
		const { response } = await sent(POST, ...answers, { status: 204 });
		expect(response.status).toBe(204);
	});

	test.each(['file:///etc/passwd', 'data:text/plain,hello', 'http://', 'https://u:p@a.example/'])(
		'a redirect to %j is refused and its answer closed',
		async (location) => {
			const transport = new MemoryTransport([redirect(location)]);
			const error = await providerErrorOf(() => sendFollowing(transport, SERVICE, GET));
			expect(error.kind).toBe('refused');
			expect(transport.requests).toHaveLength(1);
			expect(transport.answers[0]?.closed).toBe(true);
		},
	);
});

test('every redirect’s answer is closed before the next request', async () => {
	const { transport } = await sent(POST, redirect('/a'), redirect('/b'), {});
	expect(transport.answers.map(({ closed }) => closed)).toEqual([true, true, false]);
});

test('a connection lost in mid-answer means that the answer broke off', async () => {
	const lost = new ProviderError('network', 'Lost', { code: 'ECONNRESET', retryable: true });
	const { response } = await sent(GET, { chunks: [Buffer.from('Hel'), lost] });
	const error = await providerErrorOf(() => collect(response.body));
	expect(error).toMatchObject({ kind: 'truncated', retryable: false });
	expect(error.details.code).toBe('ECONNRESET');
});

test('other failures in mid-answer stay what they are', async () => {
	const slow = new ProviderError('timeout', 'Slow');
	const { response } = await sent(GET, { chunks: [slow] });
	expect(await providerErrorOf(() => collect(response.body))).toBe(slow);
});
