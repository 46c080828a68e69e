import { Agent, fetch as undiciFetch } from 'undici';
import { expect, test, vi } from 'vitest';

import { startLocalService } from '../../dev/service/index.mts';
import { CERTIFICATE } from '../support/tls/certificate.mts';
import { chatText, payloads } from './support/events.mts';
import { chat, chatBody, imageUrl } from './support/requests.mts';
import { lastRequest, openService } from './support/service.mts';

test('a held answer sends so many fragments, and the rest when released', async () => {
	const service = await openService();
	const hold = service.holdAfter(3);
	const response = await chat(service, 'a fox');
	const reader = response.body?.getReader();
	const first = await reader?.read();
	await hold.reached;
	expect(payloads(Buffer.from(first?.value ?? []).toString())).toEqual(['A', ' picture', ' of']);
	expect(lastRequest(service).finished).toBeUndefined();
	const rest: Uint8Array[] = [];
	hold.release();
	for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
		rest.push(part.value);
	}
	expect(Buffer.concat(rest).toString()).toMatch(/^data: {2}a\n\ndata: {2}fox:/);
});

test('close ends answers in progress and idle connections', async () => {
	const service = await startLocalService();
	const hold = service.holdAfter(1);
	const answers = [chat(service, 'a'), chat(service, 'a [[stall]]')];
	const texts = answers.map(async (answer) => await (await answer).text());
	const failures = Promise.allSettled(texts);
	await hold.reached;
	await vi.waitFor(() => expect(service.statistics().inFlight).toBe(2));
	await service.close();
	expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	expect(service.statistics()).toMatchObject({ inFlight: 0, openConnections: 0 });
	await expect(fetch(service.url)).rejects.toThrow();
});

test('reset releases what is held', async () => {
	const service = await openService();
	const hold = service.holdAfter(1);
	const answer = chat(service, 'a fox').then(async (response) => await response.text());
	await hold.reached;
	service.reset();
	expect(chatText(await answer)).toContain('a fox');
});

test('a port in use is an error, and nothing is left open', async () => {
	const service = await openService();
	const port = Number(new URL(service.url).port);
	await expect(startLocalService({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
	await expect(startLocalService({ imagePort: port })).rejects.toMatchObject({
		code: 'EADDRINUSE',
	});
});

test('both origins speak https with the certificate given', async () => {
	const service = await openService({ tls: CERTIFICATE });
	expect(service.url).toMatch(/^https:/);
	expect(service.imagesUrl).toMatch(/^https:/);
	const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
	const send = async (prompt: string) =>
		await undiciFetch(`${service.url}/chat/send2/`, {
			dispatcher,
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(chatBody(prompt)),
		});
	expect(chatText(await (await send('a fox')).text())).toContain('a fox');
	expect(lastRequest(service).connection).toBe(1);
	await expect(send('a [[reset]]')).rejects.toThrow();
	await expect(send('a [[cut after=1]]').then((answer) => answer.text())).rejects.toThrow();
	await dispatcher.destroy();
});

test('pace and latency can be set for all requests', async () => {
	const service = await openService({ paceMilliseconds: 15, latencyMilliseconds: 40 });
	const start = performance.now();
	await (await chat(service, 'a [[fragments count=3]]')).text();
	expect(performance.now() - start).toBeGreaterThan(66);
});

test('the answer to another origin needs no cookie and no key', async () => {
	const service = await openService({ cookie: 'a=1', apiKey: 'k' });
	const prompt = 'a [[url kind=absolute]]';
	expect(await (await chat(service, prompt)).text()).toContain('captcha');
	const elsewhere = { ...service, url: service.imagesUrl };
	expect(await imageUrl(elsewhere, prompt)).toContain('/image/');
});
