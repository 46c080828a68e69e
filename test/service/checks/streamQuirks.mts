import { expect } from 'vitest';

import { chatText, payloads } from '../support/events.mts';
import { chat, complete } from '../support/requests.mts';
import { unchunked } from '../support/wire.mts';
import { chatOnWire, type Checks } from './check.mts';

async function stream(...[service, prompt]: Parameters<typeof chatOnWire>): Promise<string> {
	return unchunked((await chatOnWire(service, prompt)).body);
}

export const streamQuirkChecks: Checks = {
	crlf: async (service) => {
		const text = await stream(service, 'a [[crlf]]');
		expect(text).toContain('data:  picture\r\n\r\n');
		expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
	},
	cr: async (service) => {
		const text = await stream(service, 'a [[cr]]');
		expect(text).toContain('data:  picture\r\r');
		expect(text).not.toContain('\n');
	},
	bom: async (service) => {
		expect(await stream(service, 'a [[bom]]')).toMatch(/^\uFEFFdata: A\n/);
	},
	comments: async (service) => {
		const text = await stream(service, 'a [[comments]]');
		expect(text.match(/^: ping \d+$/gm)).toHaveLength(payloads(text).length);
	},
	fields: async (service) => {
		const text = await stream(service, 'a [[fields]]');
		expect(text).toContain('event: message\nid: 2\nretry: 1000\ndata:  picture\n\n');
	},
	'empty-data': async (service) => {
		const text = await stream(service, 'a [[empty-data]]');
		expect(text).toMatch(/^data:\n\ndata: A\n\ndata: \n\ndata: {2}picture\n\n/);
	},
	done: async (service) => {
		expect(await stream(service, 'a [[done]]')).toMatch(/\n\ndata: \[DONE\]\n\n$/);
		expect(await stream(service, 'a')).not.toContain('[DONE]');
	},
	'no-space': async (service) => {
		expect(await stream(service, 'a [[no-space]]')).toMatch(/^data:A\n\ndata: {2}picture\n\n/);
		const answer = await complete(service, 'a [[no-space]]', { stream: true });
		expect(await answer.text()).toMatch(/^data:\{/);
	},
	'split-newline': async (service) => {
		const text = await stream(service, 'a [[split-newline]]');
		expect(payloads(text).some((payload) => payload.endsWith('\\'))).toBe(true);
		expect(text).not.toContain(String.raw`\n`);
		expect(chatText(text)).toBe(chatText(await stream(service, 'a')));
	},
	endless: async (service) => {
		const abort = new AbortController();
		const response = await chat(service, 'a [[endless]]', {}, { signal: abort.signal });
		let received = 0;
		for await (const bytes of response.body ?? []) {
			received += bytes.length;
			if (received > 1_000_000) break;
		}
		expect(received).toBeGreaterThan(1_000_000);
	},
	gzip: async (service) => {
		const answer = await chatOnWire(service, 'a [[gzip]]');
		expect(answer.head).toContain('content-encoding: gzip');
		const response = await chat(service, 'a [[gzip]]');
		expect(chatText(await response.text())).toContain('A picture of a:');
		const json = await complete(service, 'a [[gzip]]');
		expect(json.headers.get('content-encoding')).toBe('gzip');
		expect(await json.text()).toContain('A picture of a:');
	},
};
