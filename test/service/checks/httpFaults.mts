import { expect } from 'vitest';

import { chatText } from '../support/events.mts';
import { chat, chatBody, fetchImage } from '../support/requests.mts';
import { lastRequest } from '../support/service.mts';
import { chatOnWire, expectSilence, type Checks } from './check.mts';

const manual = { redirect: 'manual' };

export const httpFaultChecks: Checks = {
	status: async (service) => {
		const prompt = 'a [[status code=429 retry-after=7 retry-after-ms=250]]';
		const answer = await chat(service, prompt);
		expect(answer.status).toBe(429);
		expect(answer.headers.get('retry-after')).toBe('7');
		expect(answer.headers.get('retry-after-ms')).toBe('250');
		expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
		const html = await chat(service, 'a [[status code=502 body=html]]');
		expect(await html.text()).toContain('<h1>502</h1>');
		const text = await chat(service, 'a [[status code=503 body=text]]');
		expect(await text.text()).toBe('The service is overloaded.');
		const azure = await chat(service, 'a [[status code=400 body=azure]]');
		expect(await azure.json()).toMatchObject({ error: { code: '400', innererror: {} } });
	},
	captcha: async (service) => {
		const answer = await chat(service, 'a [[captcha]]');
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
		expect(await answer.text()).toContain('captcha');
	},
	checking: async (service) => {
		const answer = await chat(service, 'a [[checking]]');
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
		expect(await answer.text()).toContain('Checking your browser');
	},
	empty: async (service) => {
		const { status, body, isWhole } = await chatOnWire(service, 'a [[empty]]');
		expect({ status, body: body.length, isWhole }).toEqual({ status: 200, body: 0, isWhole: true });
	},
	'empty-stream': async (service) => {
		const answer = await chat(service, 'a [[empty-stream]]');
		expect(answer.headers.get('content-type')).toBe('text/event-stream');
		expect(await answer.text()).toBe('');
	},
	redirect: async (service) => {
		for (const [target, origin] of [['same', 'service'] as const, ['images', 'images'] as const]) {
			const answer = await chat(service, `an elk [[redirect to=${target} code=308]]`);
			expect(chatText(await answer.text())).toContain('an elk');
			expect(lastRequest(service).origin).toBe(origin);
		}
		const file = await chat(service, 'a [[redirect to=file code=302]]', {}, manual);
		expect([file.status, file.headers.get('location')]).toEqual([302, 'file:///etc/hostname']);
		for (const code of [302, 307]) {
			await expect(chat(service, `a [[redirect to=loop code=${code}]]`)).rejects.toThrow();
		}
		const image = await fetchImage(service, 'a [[redirect on=image to=service]]');
		expect([image.status, lastRequest(service).origin]).toEqual([200, 'service']);
	},
	reset: async (service) => {
		const { ending, raw } = await chatOnWire(service, 'a [[reset]]');
		expect({ ending, bytes: raw.length }).toEqual({ ending: 'RST', bytes: 0 });
		expect(lastRequest(service).finished).toBe('cut');
	},
	stall: async (service) => {
		const request = { path: '/chat/send2/', body: chatBody('a [[stall]]') };
		await expectSilence(service, service.url, request, ({ length }) => length === 0);
	},
};
