import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { png } from '../support/images.mts';
import { chat, model, openAiChat } from './parameters.mts';
import { runAt } from './runAt.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const PNG = Buffer.from(png(3, 2));
const DATA_URL = `data:image/png;base64,${PNG.toString('base64')}`;

/** Messages of chat models that draw, as services send them. */
const MESSAGES: Record<string, object> = {
	'message.images': {
		content: 'Here it is.',
		images: [{ type: 'image_url', image_url: { url: DATA_URL } }],
	},
	'content parts': {
		content: [
			{ type: 'text', text: 'Here it is.' },
			{ type: 'image_url', image_url: { url: DATA_URL } },
		],
	},
	'data URLs in angle brackets': { content: `Here it is.\n![a kite](<${DATA_URL}> "A kite")` },
	'data URLs in Markdown': { content: `Here it is.\n![a kite](${DATA_URL})` },
};

describe('Images that come with the text of a chat', () => {
	let server: Server;
	let message: object = {};
	let url = '';
	const bench = useBench();

	beforeAll(async () => {
		server = createServer(async (request, response) => {
			const { model: asked } = (await json(request)) as { model: string };
			if (asked === 'breaks') {
				const images = [{ image_url: { url: 'ftp://breaks/b' } }];
				response.setHeader('content-type', 'text/event-stream');
				response.write(`data: ${JSON.stringify({ choices: [{ delta: { images } }] })}\n\n`);
				setImmediate(() => response.destroy());
				return;
			}
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => server.close());

	async function answer(sent: object) {
		message = sent;
		return await runAt(url, openAiChat('a kite', model('draws')));
	}

	it.each(Object.entries(MESSAGES))('are files of the item: %s', async (_, sent) => {
		const run = await answer(sent);
		const [item, ...others] = run.items(NODE);
		expect(others).toEqual([]);
		expect(item?.json).toMatchObject({
			text: 'Here it is.',
			images: [
				{ fileName: 'image.png', mimeType: 'image/png', width: 3, height: 2, bytes: PNG.length },
			],
		});
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.binary?.['image']).toMatchObject({ mimeType: 'image/png', bytes: PNG.length });
	});

	it('are taken without any text, too, and several get names of their own', async () => {
		const other = `data:image/png;base64,${Buffer.from(png(5, 4)).toString('base64')}`;
		const images = [DATA_URL, other].map((link) => ({ image_url: { url: link } }));
		const run = await answer({ content: '', images });
		const [item] = run.items(NODE);
		expect(item?.json['text']).toBe('');
		expect(Object.keys(item?.binary ?? {})).toEqual(['image', 'image_2']);
	});

	it('that cannot be had are reported beside the text', async () => {
		const run = await answer({ content: 'Here.', images: [{ image_url: { url: 'ftp://a/b' } }] });
		const [item] = run.items(NODE);
		expect(item?.json).toMatchObject({
			text: 'Here.',
			failedImages: [expect.stringContaining('not http(s)')],
		});
		expect(run.hints(NODE).map(({ message: text }) => text)).toContainEqual(
			expect.stringContaining('Not every image arrived'),
		);
	});

	it('are at most a hundred, however many a text shows, and the others are reported', async () => {
		const run = await answer({ content: `![](${DATA_URL})`.repeat(150) });
		const [item] = run.items(NODE);
		expect(Object.keys(item?.binary ?? {})).toHaveLength(100);
		expect(item?.json['failedImages']).toEqual([expect.stringContaining('too many')]);
	});

	it('that cannot be had, of an answer that broke off, do not come out with that of another model', async () => {
		message = { content: 'Here it is.' };
		const options = { fallbackModels: ['draws'], maxRetries: 0 };
		const parameters = openAiChat('a kite', { ...model('breaks'), options });
		const run = await runAt(url, parameters, 'continueRegularOutput');
		const [item] = run.items(NODE);
		expect(item?.json).not.toHaveProperty('failedImages');
		expect(item?.json).toMatchObject({ errorDetails: { kind: 'truncated', attempts: 1 } });
	});

	it('are what an Ai-Chats model gives that draws', async () => {
		const run = await bench().run(chat('a kite [[size width=48 height=32]]', model('dalle')));
		const [item] = run.items(NODE);
		expect(item?.json).toMatchObject({ text: '', images: [{ width: 48, height: 32 }] });
		expect(item?.binary?.['image']).toMatchObject({ mimeType: 'image/png' });
	});
});
