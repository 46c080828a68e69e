import { expect } from 'vitest';

import { chunks, payloads, contentOf } from '../support/events.mts';
import { chatBody, completionBody, imageUrl } from '../support/requests.mts';
import { lastRequest } from '../support/service.mts';
import { onWire, unchunked } from '../support/wire.mts';
import { chatOnWire, completeOnWire, expectSilence, type Checks } from './check.mts';

/** Node.js 22 reports a reset that arrives together with data as an orderly end. */
const [MAJOR] = process.versions.node.split('.');
const RESET = Number(MAJOR) < 24 ? expect.stringMatching(/^(RST|FIN)$/) : 'RST';

export const interruptionChecks: Checks = {
	cut: async (service) => {
		const answer = await chatOnWire(service, 'a [[cut after=3]]');
		expect(answer).toMatchObject({ ending: 'FIN', isWhole: false });
		expect(payloads(unchunked(answer.body))).toEqual(['A', ' picture', ' of']);
		expect(lastRequest(service)).toMatchObject({ finished: 'cut', fragmentsSent: 3, fault: 'cut' });
		const json = await completeOnWire(service, 'a [[cut after=20]]', {});
		expect(json).toMatchObject({ ending: 'FIN', isWhole: false });
		expect(json.body.length).toBe(20);
		const image = new URL(await imageUrl(service, 'a [[cut after=1000 on=image]]'));
		const bytes = await onWire(image.origin, { method: 'GET', path: image.pathname });
		expect(bytes).toMatchObject({ ending: 'FIN', isWhole: false, status: 200 });
		expect(bytes.body.length).toBe(1000);
	},
	'reset-after': async (service) => {
		const answer = await completeOnWire(service, 'a [[reset-after fragments=2]]');
		expect(answer).toMatchObject({ ending: RESET, isWhole: false });
		expect(contentOf(unchunked(answer.body))).toBe('A picture');
		const json = await completeOnWire(service, 'a [[reset-after fragments=9]]', {});
		expect(json.ending).toEqual(RESET);
		expect(json.body.length).toBe(9);
	},
	'stall-after': async (service) => {
		const prompt = 'a [[stall-after fragments=2]]';
		const chat = { path: '/chat/send2/', body: chatBody(prompt) };
		await expectSilence(service, service.url, chat, (bytes) =>
			bytes.includes('data:  picture\n\n'),
		);
		const json = { path: '/v1/chat/completions', body: completionBody(prompt) };
		await expectSilence(service, service.url, json, (bytes) => bytes.includes('\r\n\r\n{"'));
		const link = await imageUrl(service, 'a [[stall-after fragments=50 on=image]]');
		const image = { method: 'GET', path: new URL(link).pathname };
		await expectSilence(service, service.imagesUrl, image, (bytes) => bytes.includes('IHDR'));
	},
	trylimit: async (service) => {
		const { body, isWhole } = await chatOnWire(service, 'a [[trylimit after=2]]');
		expect(isWhole).toBe(true);
		expect(unchunked(body)).toBe('data: A\n\ndata:  picture\n\ndata:  trylimit\n\n');
	},
	'huge-line': async (service) => {
		const { body } = await chatOnWire(service, 'a [[huge-line bytes=300000 after=0]]');
		const [huge, next] = payloads(unchunked(body));
		expect([huge?.length, next]).toEqual([300_000, 'A']);
		const stream = await completeOnWire(service, 'a [[huge-line bytes=300000 after=0]]');
		expect(contentOf(unchunked(stream.body))).toMatch(/^x{300000}A picture/);
	},
	'error-in-stream': async (service) => {
		const { body, isWhole } = await completeOnWire(service, 'a [[error-in-stream after=2]]');
		expect(isWhole).toBe(true);
		expect(chunks(unchunked(body)).at(-1)).toMatchObject({ error: { type: 'server_error' } });
		expect(unchunked(body)).not.toContain('[DONE]');
	},
	'bad-chunk': async (service) => {
		const { body } = await completeOnWire(service, 'a [[bad-chunk after=2]]');
		const all = payloads(unchunked(body));
		expect(() => JSON.parse(all[3] ?? '') as unknown).toThrow();
		expect(all.at(-1)).toBe('[DONE]');
		expect(all.length).toBe(lastRequest(service).fragmentsSent + 4);
	},
};
