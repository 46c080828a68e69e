import { Agent, fetch as undiciFetch } from 'undici';
import { expect, test, vi } from 'vitest';

import { chat, chatBody, fetchImage } from './support/requests.mts';
import { lastRequest, openService } from './support/service.mts';

test('a request is recorded as it came, on both origins, in order', async () => {
	const service = await openService();
	await (await fetchImage(service, 'a [[size width=40 height=40]]')).arrayBuffer();
	await (await chat(service, 'b', { cookie: 'c=1' })).text();
	await vi.waitFor(() => expect(service.statistics().inFlight).toBe(0));
	expect(service.requests).toMatchObject([
		{ origin: 'service', method: 'POST', path: '/chat/send2/', finished: 'whole' },
		{ origin: 'images', method: 'GET', body: undefined, finished: 'whole' },
		{ origin: 'service', headers: { cookie: 'c=1' }, body: chatBody('b'), finished: 'whole' },
	]);
	const [first] = service.requests;
	expect(first?.endedAt).toBeGreaterThanOrEqual(first?.startedAt ?? Infinity);
	expect(first?.fault).toBeUndefined();
});

test('connections are numbered and counted', async () => {
	const service = await openService();
	const dispatcher = new Agent({ connections: 1 });
	for (const path of ['/models', '/v1/models']) {
		await (await undiciFetch(service.url + path, { dispatcher })).text();
	}
	expect(service.requests.map(({ connection }) => connection)).toEqual([1, 1]);
	expect(service.statistics()).toMatchObject({ openConnections: 1, connectionsOpened: 1 });
	await dispatcher.close();
	await vi.waitFor(() => expect(service.statistics().openConnections).toBe(0));
});

test('the most requests at one time are counted', async () => {
	const service = await openService();
	const holds = Array.from({ length: 5 }, () => service.holdAfter(1));
	const answers = Array.from({ length: 5 }, async () => await (await chat(service, 'a')).text());
	await Promise.all(holds.map(async (hold) => await hold.reached));
	expect(service.statistics()).toMatchObject({ requests: 5, inFlight: 5, mostInFlight: 5 });
	for (const hold of holds) hold.release();
	await Promise.all(answers);
	await vi.waitFor(() => expect(service.statistics().inFlight).toBe(0));
	expect(service.statistics()).toMatchObject({ requests: 5, mostInFlight: 5 });
	service.reset();
	expect(service.statistics()).toMatchObject({ requests: 0, mostInFlight: 0 });
	expect(service.requests).toEqual([]);
});

test('only so many requests are kept, all are counted', async () => {
	const service = await openService({ keepRequests: 10 });
	for (let index = 0; index < 30; index += 1) await (await chat(service, `${index}`)).text();
	expect(service.requests.length).toBeLessThanOrEqual(12);
	expect(lastRequest(service).body).toEqual(chatBody('29'));
	expect(service.statistics().requests).toBe(30);
});

test('a client that leaves is seen', async () => {
	const service = await openService();
	const hold = service.holdAfter(2);
	const abort = new AbortController();
	const answer = chat(service, 'a', {}, { signal: abort.signal }).then((response) =>
		response.text(),
	);
	await hold.reached;
	abort.abort();
	await expect(answer).rejects.toThrow();
	await vi.waitFor(() => expect(lastRequest(service).finished).toBe('closed-by-client'));
	expect(lastRequest(service).fragmentsSent).toBe(2);
});

test('the access log names request and fault, and no secret', async () => {
	const lines: string[] = [];
	const service = await openService({ onLine: (line) => lines.push(line) });
	const headers = { cookie: 'session=s3cret', authorization: 'Bearer s3cret' };
	await (await chat(service, 'a [[crlf]]', headers)).text();
	await (await fetch(`${service.url}/models?api_key=s3cret`, { headers })).text();
	await vi.waitFor(() => expect(lines).toHaveLength(2));
	expect(lines[0]).toMatch(
		/service POST \/chat\/send2\/ 200 \d+ ms whole \d+ fragments fault=crlf$/,
	);
	expect(lines[1]).toContain('GET /models?api_key=*** 200');
	expect(lines.join()).not.toContain('s3cret');
});
