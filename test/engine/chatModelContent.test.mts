import { describe, expect, it } from 'vitest';

import {
	type Answer,
	type Ask,
	completion,
	delta,
	streamed,
	textOf,
	TOOL,
	useModel,
} from './useModel.mts';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const KITE = `data:image/png;base64,${PNG}`;

const seen: Answer = () => completion({ content: 'A red kite.' });

describe('Content that is not text', () => {
	const { asked, run } = useModel();
	const ask =
		(...content: object[]): Ask =>
		async (model) =>
			textOf(await model.invoke([{ role: 'user', content }]));
	const text = { type: 'text', text: 'What is it?' };

	it.each([
		['image_url of an agent or a chain', { type: 'image_url', image_url: { url: KITE } }, KITE],
		['image_url as text', { type: 'image_url', image_url: KITE }, KITE],
		[
			'image_url with a link',
			{ type: 'image_url', image_url: { url: 'https://a.example/kite.png' } },
			'https://a.example/kite.png',
		],
		['image of LangChain 1', { type: 'image', mimeType: 'image/png', data: PNG }, KITE],
		[
			'image of LangChain 1 with a link',
			{ type: 'image', url: 'https://a.example/kite' },
			'https://a.example/kite',
		],
		[
			'image of LangChain 0.3',
			{ type: 'image', source_type: 'base64', mime_type: 'image/png', data: PNG },
			KITE,
		],
		[
			'image of Anthropic',
			{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
			KITE,
		],
		['file that is an image', { type: 'file', mimeType: 'image/png', data: PNG }, KITE],
		['image without its type', { type: 'image', data: PNG }, KITE],
	])('an %s reaches the server', async (_name, block, url) => {
		expect(await run(ask(text, block), seen)).toBe('A red kite.');
		expect(asked[0]?.messages).toEqual([
			{ role: 'user', content: [text, { type: 'image_url', image_url: { url } }] },
		]);
	});

	it('an image is sent by a streaming agent with tools, and keeps its detail', async () => {
		const block = { type: 'image_url', image_url: { url: KITE, detail: 'low' } };
		const question: Ask = async (model) =>
			textOf(await streamed(model.bindTools([TOOL]), [{ role: 'user', content: [block] }]));
		await run(question, () => [delta({ content: 'A kite.' }, 'stop')]);
		expect(asked[0]?.messages).toEqual([
			{ role: 'user', content: [{ type: 'image_url', image_url: { url: KITE, detail: 'low' } }] },
		]);
	});

	it('the messages of the caller stay as they are', async () => {
		const content = [text, { type: 'image_url', image_url: { url: KITE } }];
		const before = structuredClone(content);
		await run(async (model) => textOf(await model.invoke([{ role: 'user', content }])), seen);
		expect(content).toEqual(before);
	});

	it.each([
		[
			'a text file of LangChain 0.3',
			{ type: 'file', source_type: 'text', text: 'a,b', metadata: { filename: 'a.csv' } },
		],
		[
			'a text file in base64',
			{ type: 'file', mimeType: 'text/csv', data: 'YSxi', metadata: { filename: 'a.csv' } },
		],
	])('%s is sent as text', async (_name, block) => {
		await run(ask(text, block), seen);
		expect(asked[0]?.messages).toEqual([
			{ role: 'user', content: 'What is it?\n\nFile: a.csv\nContent:\na,b' },
		]);
	});

	it.each([
		[
			'a PDF of the AI Agent',
			{
				type: 'file',
				source_type: 'base64',
				mime_type: 'application/pdf',
				data: 'JVBERi0=',
				metadata: { filename: 'bill.pdf' },
			},
			'bill.pdf',
		],
		[
			'a PDF of OpenAI',
			{
				type: 'file',
				file: { filename: 'bill.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
			},
			'bill.pdf',
		],
		[
			'a PDF that is called an image',
			{ type: 'image_url', image_url: { url: 'data:image/png;base64,JVBERi0=' } },
			'file.pdf',
		],
	])('%s reaches the server as a file', async (_name, block, filename) => {
		await run(ask(text, block), seen);
		const file = { filename, file_data: 'data:application/pdf;base64,JVBERi0=' };
		expect(asked[0]?.messages).toEqual([{ role: 'user', content: [text, { type: 'file', file }] }]);
	});

	it('sound reaches the server in the format that its bytes show', async () => {
		const data = Buffer.from('RIFF....WAVEfmt ').toString('base64');
		await run(ask(text, { type: 'input_audio', input_audio: { data, format: 'mp3' } }), seen);
		const sound = { type: 'input_audio', input_audio: { data, format: 'wav' } };
		expect(asked[0]?.messages).toEqual([{ role: 'user', content: [text, sound] }]);
	});

	it.each([
		[
			'a file that is neither text nor one that models take',
			{
				type: 'file',
				mimeType: 'application/zip',
				data: 'UEsDBAA=',
				metadata: { filename: 'a.zip' },
			},
			"The file 'a.zip' (application/zip) cannot be sent to the model",
		],
		[
			'an image by the ID of some provider',
			{ type: 'image', fileId: 'file-1' },
			"Content of type 'image' cannot be sent to the model",
		],
		[
			'an image on this computer',
			{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } },
			"Content of type 'image_url' cannot be sent to the model",
		],
	])('%s is refused by name, and nothing is asked', async (_name, block, message) => {
		await expect(run(ask(text, block), seen)).rejects.toThrow(message);
		expect(asked).toEqual([]);
	});

	it('images are refused with Ai-Chats, which has no place for them', async () => {
		const block = { type: 'image_url', image_url: { url: KITE } };
		const answer = run(ask(text, block), seen, { provider: 'aiChats', model: '' });
		await expect(answer).rejects.toThrow('takes only text files');
		expect(asked).toEqual([]);
	});

	it('what another model thought is not sent', async () => {
		const turns = [
			{ role: 'user', content: 'Hi' },
			{
				role: 'assistant',
				content: [
					{ type: 'thinking', thinking: 'hm' },
					{ type: 'text', text: 'Hello' },
				],
			},
			{ role: 'user', content: 'And now?' },
		];
		await run(async (model) => textOf(await model.invoke(turns)), seen);
		expect(asked[0]?.messages.map(({ content }) => content)).toEqual(['Hi', 'Hello', 'And now?']);
	});

	it('images that tools return are shown after the results', async () => {
		const image = { type: 'image', mimeType: 'image/png', data: PNG };
		const turns = [
			{ role: 'user', content: 'Look' },
			{
				role: 'assistant',
				content: '',
				tool_calls: ['a', 'b'].map((id) => ({ id, name: 'look', args: {}, type: 'tool_call' })),
			},
			{ role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'seen' }, image] },
			{ role: 'tool', tool_call_id: 'b', content: 'dark' },
		];
		await run(async (model) => textOf(await model.invoke(turns)), seen);
		expect(asked[0]?.messages.slice(2)).toEqual([
			{ role: 'tool', tool_call_id: 'a', content: 'seen' },
			{ role: 'tool', tool_call_id: 'b', content: 'dark' },
			{
				role: 'user',
				content: [
					{ type: 'text', text: 'The files that the tools returned:' },
					{ type: 'image_url', image_url: { url: KITE } },
				],
			},
		]);
	});
});
