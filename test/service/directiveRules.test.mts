import { expect, test } from 'vitest';

import { extractDirectives, parseDirectives } from '../../dev/service/directives.mts';
import { startLocalService } from '../../dev/service/index.mts';
import { chatText } from './support/events.mts';
import { chat, chatBody, complete, fetchImage, post } from './support/requests.mts';
import { lastRequest, openService } from './support/service.mts';

test('directives are read and taken out of the text', () => {
	const text = 'a [[cut after=3]] fox [[text value="b ]] \\"c\\""]]';
	expect(extractDirectives(text)).toEqual({
		text: 'a  fox',
		directives: [
			{ name: 'cut', parameters: { after: '3' } },
			{ name: 'text', parameters: { value: 'b ]] "c"' } },
		],
	});
});

test('a text without directives keeps its white space and its brackets', () => {
	for (const text of [' a ', '[[1, 2], [3]]', '[[A]]', 'a[[', '[[ ]]']) {
		expect(extractDirectives(text)).toEqual({ text, directives: [] });
	}
});

test('a header or an option may leave the brackets out', () => {
	expect(parseDirectives('status code=503')).toEqual([
		{ name: 'status', parameters: { code: '503' } },
	]);
	expect(parseDirectives('[[bom]][[crlf]]').map(({ name }) => name)).toEqual(['bom', 'crlf']);
});

test('the header and the options are obeyed too', async () => {
	const service = await openService({ directives: '[[crlf]]' });
	const stream = await (await chat(service, 'a', { 'x-stand-in': 'bom' })).text();
	expect(stream).toContain('data: A\r\n\r\n');
	expect(lastRequest(service).fault).toBe('bom');
});

test('an unknown directive is refused loudly', async () => {
	const service = await openService();
	expect((await chat(service, 'a [[cutt after=1]]')).status).toBe(400);
	expect((await chat(service, 'a', { 'x-stand-in': 'cutt' })).status).toBe(400);
	await expect(startLocalService({ directives: 'cutt' })).rejects.toThrow('"cutt"');
	await expect(startLocalService({ directives: '[[Cut!' })).rejects.toThrow('No directive');
	const chaos = { seed: 1, rate: 1, faults: ['cutt'] };
	await expect(startLocalService({ chaos })).rejects.toThrow('"cutt"');
});

test('only the last user message directs; earlier ones are quoted without', async () => {
	const service = await openService();
	const messages = [
		{ role: 'user', content: 'old [[status code=500]]' },
		{ role: 'assistant', content: 'failed' },
		{ role: 'user', content: 'new' },
	];
	const response = await complete(service, '', { messages });
	expect(response.status).toBe(200);
	expect(await response.text()).toContain(String.raw`the first said: \"old\"`);
});

async function statuses(prompts: string[]): Promise<number[]> {
	const service = await openService();
	const found: number[] = [];
	for (const prompt of prompts) found.push((await chat(service, prompt)).status);
	return found;
}

test('times= counts for each prompt separately', async () => {
	const prompt = 'a [[status code=503 times=2]]';
	const other = 'b [[status code=503 times=2]]';
	expect(await statuses([prompt, prompt, other, prompt, other, other])).toEqual([
		...[503, 503, 503, 200, 503, 200],
	]);
});

test('times= counts images by their prompt', async () => {
	const service = await openService();
	const prompt = 'a [[size width=40 height=40]] [[expired times=1]]';
	expect((await fetchImage(service, prompt)).status).toBe(403);
	expect((await fetchImage(service, prompt)).status).toBe(200);
	service.reset();
	expect((await fetchImage(service, prompt)).status).toBe(403);
});

const chaos = { seed: 7, rate: 0.3, faults: ['status code=503', '[[status code=429]]'] };
const prompts = Array.from({ length: 60 }, (_, index) => `prompt ${index % 30}`);

async function underChaos(seed: number, order: string[]): Promise<Map<string, number[]>> {
	const service = await openService({ chaos: { ...chaos, seed } });
	const found = new Map<string, number[]>();
	for (const prompt of order) {
		const { status } = await chat(service, prompt);
		found.set(prompt, [...(found.get(prompt) ?? []), status]);
	}
	return found;
}

test('chaos repeats itself with its seed, whatever the order', async () => {
	const first = await underChaos(7, prompts);
	expect(await underChaos(7, prompts.toReversed())).toEqual(first);
	expect(await underChaos(8, prompts)).not.toEqual(first);
	const all = [...first.values()].flat();
	expect(new Set(all)).toEqual(new Set([200, 503, 429]));
	expect(all.filter((status) => status !== 200).length).toBeGreaterThan(8);
	expect(all.filter((status) => status !== 200).length).toBeLessThan(30);
});

test('a directive in the last of several parts is found', async () => {
	const service = await openService();
	const messagesHistory = [
		{ from: 'you', content: 'first' },
		{ from: 'you', content: 'second [[done]]' },
	];
	const answer = await post(`${service.url}/chat/send2/`, { ...chatBody(''), messagesHistory });
	const stream = await answer.text();
	expect(stream).toContain('[DONE]');
	expect(chatText(stream)).toContain('A picture of second:');
});
