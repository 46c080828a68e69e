import { expect, test } from 'vitest';

import { chatText, payloads } from './support/events.mts';
import { chat, chatBody, imageUrl, post } from './support/requests.mts';
import { lastRequest, openService } from './support/service.mts';

test('a prompt comes back completely, word by word', async () => {
	const service = await openService();
	const response = await chat(service, 'a red fox, at dawn');
	expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
	const stream = await response.text();
	expect(payloads(stream).slice(0, 3)).toEqual(['A', ' picture', ' of']);
	expect(payloads(stream)).toHaveLength(lastRequest(service).fragmentsSent);
	expect(chatText(stream)).toMatch(
		/^A picture of a red fox, at dawn: soft morning light.*\nThe view/,
	);
});

test('line breaks travel as backslash and n', async () => {
	const service = await openService();
	const stream = await (await chat(service, 'first\nsecond')).text();
	expect(stream).toContain(String.raw`\nsecond:`);
	expect(chatText(stream)).toContain('first\nsecond');
});

const said = [
	'A picture of Fine, thanks!: soft',
	'There were 2 earlier turns; the first said: "Hi!".',
	'The system message says: "Be brief.\nBe kind.".',
];

test('a folded conversation is understood', async () => {
	const service = await openService();
	const folded =
		'System: Be brief.\nBe kind.\nUser: Hi!\nAssistant: Hello\nUser: Fine, thanks!\nAssistant:';
	const text = chatText(await (await chat(service, folded)).text());
	for (const sentence of said) expect(text).toContain(sentence);
});

test('real turns are understood', async () => {
	const service = await openService();
	const messagesHistory = [
		{ from: 'system', content: 'Be brief.\nBe kind.' },
		{ id: 'one', from: 'you', content: 'Hi!' },
		{ from: 'ai', content: 'Hello' },
		{ from: 'you', content: 'Fine, thanks!' },
	];
	const response = await post(`${service.url}/chat/send2`, { type: 'chat', messagesHistory });
	const text = chatText(await response.text());
	for (const sentence of said) expect(text).toContain(sentence);
});

test('the same request gets the same answer', async () => {
	const service = await openService();
	const [first, second] = [await chat(service, 'an elk'), await chat(service, 'an elk')];
	expect(await first.text()).toBe(await second.text());
});

test('every image has its own URL on the other origin', async () => {
	const service = await openService();
	const [first, second] = [await imageUrl(service, 'an elk'), await imageUrl(service, 'an elk')];
	expect(first).not.toBe(second);
	expect(new URL(first).origin).toBe(service.imagesUrl);
	expect(service.imagesUrl).not.toBe(service.url);
});

test.for([
	['no object', 7],
	['another type', chatBody('a', 'video')],
	['no history', { type: 'chat' }],
	['an unknown speaker', { type: 'chat', messagesHistory: [{ from: 'me', content: 'a' }] }],
	['no content', { type: 'chat', messagesHistory: [{ from: 'you' }] }],
] as const)('%s is a bad request', async ([, body]) => {
	const service = await openService();
	const response = await post(`${service.url}/chat/send2/`, body);
	expect(response.status).toBe(400);
	expect(await response.json()).toHaveProperty('error');
});

test('another content type or broken JSON is a bad request', async () => {
	const service = await openService();
	const plain = await chat(service, 'a', { 'content-type': 'text/plain' });
	expect(plain.status).toBe(400);
	const headers = { 'content-type': 'application/json' };
	const init = { method: 'POST', headers, body: '{"type":' };
	expect((await fetch(`${service.url}/chat/send2/`, init)).status).toBe(400);
	expect(lastRequest(service).body).toBeUndefined();
});

test('without its cookie a captcha is shown, to this protocol only', async () => {
	const service = await openService({ cookie: 'session=s3cret' });
	const stranger = await chat(service, 'a', { cookie: 'session=other' });
	expect(await stranger.text()).toContain('captcha');
	const known = await chat(service, 'a', { cookie: 'session=s3cret' });
	expect(chatText(await known.text())).toContain('A picture of a:');
	expect((await fetch(`${service.url}/v1/models`)).status).toBe(200);
});
