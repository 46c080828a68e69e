import { expect } from 'vitest';

import type { LocalService } from '../../../dev/service/index.mts';
import { chunks, contentOf, payloads } from '../support/events.mts';
import { chatBody, complete, post } from '../support/requests.mts';
import { unchunked } from '../support/wire.mts';
import { completeOnWire, type Checks } from './check.mts';

async function imageAnswer({ url }: LocalService, prompt: string): Promise<string> {
	return await (await post(`${url}/chat/send2/`, chatBody(prompt, 'image'))).text();
}

async function streamed(service: LocalService, prompt: string, more: object = {}): Promise<string> {
	return await (await complete(service, prompt, { stream: true, ...more })).text();
}

export const answerChecks: Checks = {
	'no-data': async (service) => {
		expect(await imageAnswer(service, 'a [[no-data]]')).toBe('{}');
	},
	'empty-array': async (service) => {
		expect(await imageAnswer(service, 'a [[empty-array]]')).toBe('{"data":[]}');
	},
	'no-url': async (service) => {
		expect(await imageAnswer(service, 'a [[no-url]]')).toMatch(/^\{"data":\[\{"note":/);
	},
	'broken-json': async (service) => {
		const answer = await completeOnWire(service, 'a [[broken-json]]', {});
		expect(answer.isWhole).toBe(true);
		expect(() => JSON.parse(answer.body.toString('utf8')) as unknown).toThrow();
	},
	'error-200': async (service) => {
		for (const stream of [false, true]) {
			const answer = await complete(service, 'a [[error-200]]', { stream });
			expect(answer.status).toBe(200);
			expect(await answer.json()).toMatchObject({ error: { type: 'server_error' } });
		}
	},
	'array-error': async (service) => {
		const answer = await complete(service, 'a [[array-error]]');
		expect(await answer.json()).toMatchObject([{ error: { type: 'server_error' } }]);
	},
	'no-choices': async (service) => {
		const answer = await complete(service, 'a [[no-choices]]');
		expect(await answer.json()).not.toHaveProperty('choices');
		expect(chunks(await streamed(service, 'a [[no-choices]]'))[0]).not.toHaveProperty('choices');
	},
	'empty-choices': async (service) => {
		const answer = await complete(service, 'a [[empty-choices]]');
		expect(await answer.json()).toMatchObject({ choices: [] });
		expect(chunks(await streamed(service, 'a [[empty-choices]]'))[0]?.choices).toEqual([]);
	},
	'no-usage': async (service) => {
		const answer = await complete(service, 'a [[no-usage]]');
		expect(await answer.json()).not.toHaveProperty('usage');
		const more = { stream_options: { include_usage: true } };
		const all = chunks(await streamed(service, 'a [[no-usage]]', more));
		expect(all.every(({ usage }) => usage === null)).toBe(true);
	},
	refusal: async (service) => {
		const answer = await complete(service, 'a [[refusal]]');
		expect(await answer.json()).toMatchObject({
			choices: [{ message: { content: null, refusal: "I'm sorry, I cannot help with that." } }],
		});
		expect(contentOf(await streamed(service, 'a [[refusal]]'), 'refusal')).toContain('sorry');
	},
	'no-finish': async (service) => {
		const { body, isWhole } = await completeOnWire(service, 'a [[no-finish]]');
		expect(isWhole).toBe(true);
		const stream = unchunked(body);
		expect(stream).not.toContain('[DONE]');
		expect(chunks(stream).every(({ choices }) => choices[0]?.finish_reason === null)).toBe(true);
	},
	'no-done': async (service) => {
		const stream = await streamed(service, 'a [[no-done]]');
		expect(payloads(stream)).not.toContain('[DONE]');
		expect(chunks(stream).at(-1)?.choices[0]?.finish_reason).toBe('stop');
	},
};
