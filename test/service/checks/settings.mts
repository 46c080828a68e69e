import { expect } from 'vitest';

import { chatText, payloads, contentOf } from '../support/events.mts';
import { bytesOf, readPng, sizeOf, typeOf } from '../support/png.mts';
import { chat, chatBody, complete, fetchImage, imageUrl, post } from '../support/requests.mts';
import { httpChunks } from '../support/wire.mts';
import { chatOnWire, type Checks } from './check.mts';

async function duration(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

export const settingChecks: Checks = {
	pace: async (service) => {
		const prompt = 'a [[pace ms=15]] [[fragments count=5]]';
		// Four pauses; timers may fire a millisecond early.
		expect(await duration(async () => (await chat(service, prompt)).text())).toBeGreaterThan(55);
	},
	latency: async (service) => {
		expect(await duration(() => chat(service, 'a [[latency ms=40]]'))).toBeGreaterThan(38);
	},
	size: async (service) => {
		const image = await bytesOf(await fetchImage(service, 'a [[size width=120 height=80]]'));
		expect(sizeOf(image)).toEqual({ width: 120, height: 80 });
	},
	bytes: async (service) => {
		for (const total of [500, 30_001, 65_549, 3_000_000]) {
			const response = await fetchImage(service, `a ${total} [[bytes total=${total}]]`);
			const image = await bytesOf(response);
			expect(image.length).toBe(total);
			expect(readPng(image).every(({ isValid }) => isValid)).toBe(true);
		}
	},
	format: async (service) => {
		for (const type of ['png', 'jpeg', 'webp', 'gif', 'avif']) {
			const prompt = `a [[format type=${type}]] [[size width=64 height=64]]`;
			const response = await fetchImage(service, prompt);
			expect(response.headers.get('content-type')).toBe(`image/${type}`);
			expect(typeOf(await bytesOf(response))).toBe(type);
		}
	},
	words: async (service) => {
		const text = chatText(await (await chat(service, 'a [[words count=123]]')).text());
		expect(text.split(' ')).toHaveLength(123);
	},
	fragments: async (service) => {
		const stream = await (await chat(service, 'an owl [[fragments count=7]]')).text();
		expect(payloads(stream)).toHaveLength(7);
		expect(chatText(stream)).toContain('an owl');
	},
	text: async (service) => {
		const value = 'He said: "äöü 漢字"\n\tdone ]] now';
		const prompt = `a [[text value=${JSON.stringify(value)}]]`;
		expect(chatText(await (await chat(service, prompt)).text())).toBe(value);
		const stream = await (await complete(service, prompt, { stream: true })).text();
		expect(contentOf(stream)).toBe(value);
	},
	finish: async (service) => {
		const answer = await complete(service, 'a [[finish reason=content_filter]]');
		expect(await answer.text()).toContain('"finish_reason":"content_filter"');
	},
	usage: async (service) => {
		const answer = await complete(service, 'a [[usage input=7 output=5 cost=0.25]]');
		expect(await answer.json()).toMatchObject({
			usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12, cost: 0.25 },
		});
	},
	'cost-header': async (service) => {
		const answer = await complete(service, 'a [[cost-header value=0.25]]');
		expect(answer.headers.get('x-litellm-response-cost')).toBe('0.25');
	},
	images: async (service) => {
		const body = chatBody('a [[images count=3]]', 'image');
		const answer = await post(`${service.url}/chat/send2`, body);
		const { data } = (await answer.json()) as { data: Array<{ url: string }> };
		expect(new Set(data.map(({ url }) => url)).size).toBe(3);
	},
	url: async (service) => {
		expect(await imageUrl(service, 'a [[url kind=absolute]]')).toContain(service.imagesUrl);
		const relative = await imageUrl(service, 'a [[url kind=relative]]');
		expect(relative).toMatch(/^\/image\//);
		expect((await fetch(service.url + relative)).status).toBe(200);
		const data = await imageUrl(service, 'a [[url kind=data]] [[size width=64 height=64]]');
		expect(data).toMatch(/^data:image\/png;base64,/);
		expect(typeOf(Buffer.from(data.split(',')[1] ?? '', 'base64'))).toBe('png');
	},
	place: async (service) => {
		const draws = { model: 'a-flash-image', modalities: ['image', 'text'] };
		const messageAt = async (where: string) => {
			const answer = await complete(service, `a [[place where=${where}]]`, draws);
			const { choices } = (await answer.json()) as { choices: Array<{ message: object }> };
			return choices[0]?.message;
		};
		const part = { type: 'image_url', image_url: { url: expect.stringContaining('/image/') } };
		expect(await messageAt('images')).toMatchObject({ images: [part] });
		expect(await messageAt('content')).toMatchObject({ content: [{ type: 'text' }, part] });
		expect(await messageAt('markdown')).toMatchObject({
			content: expect.stringMatching(/!\[image\]\(http.*\/image\//),
		});
	},
	sources: async (service) => {
		const found = async (where: string) => {
			const answer = await complete(service, `a [[sources where=${where}]]`, {
				web_search_options: {},
			});
			const { choices, ...beside } = (await answer.json()) as {
				choices: Array<{ message: object }>;
			};
			return { ...beside, ...choices[0]?.message };
		};
		const [url, title] = ['https://example.com/kites', 'Kites'];
		expect(await found('citations')).toMatchObject({ citations: [url] });
		expect(await found('search_results')).toMatchObject({ search_results: [{ url, title }] });
		expect(await found('search_results')).not.toHaveProperty('annotations');
		const annotations = [{ type: 'url_citation', url_citation: { url, title } }];
		expect(await found('annotations')).toMatchObject({ annotations });
	},
	link: async (service) => {
		for (const link of ['file:///etc/passwd', 'http://169.254.169.254/', 'javascript:alert("1")']) {
			const prompt = `a [[link value=${JSON.stringify(link)}]]`;
			expect(await imageUrl(service, prompt)).toBe(link);
		}
	},
	drip: async (service) => {
		const { body } = await chatOnWire(service, 'ä [[drip bytes=3]]');
		const pieces = httpChunks(body);
		expect(pieces.slice(0, -1).every(({ length }) => length === 3)).toBe(true);
		expect(chatText(Buffer.concat(pieces).toString('utf8'))).toContain('A picture of ä:');
	},
};
