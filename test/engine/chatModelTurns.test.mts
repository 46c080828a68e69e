import { describe, expect, it } from 'vitest';

import {
	type Answer,
	type Ask,
	type Asked,
	completion,
	delta,
	streamed,
	type SuppliedMessage,
	type SuppliedModel,
	textOf,
	useModel,
} from './useModel.mts';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const KITE = `data:image/png;base64,${PNG}`;

const TOOL = {
	type: 'function',
	function: {
		name: 'get_weather',
		description: 'The weather of a city',
		parameters: {
			$schema: 'http://json-schema.org/draft-07/schema#',
			type: 'object',
			properties: { city: { type: 'string' } },
			required: ['city'],
		},
	},
};

const seen: Answer = () => completion({ content: 'A red kite.' });
const call = (args: string, more: object = {}) => ({
	id: 'c1',
	type: 'function',
	function: { name: 'get_weather', arguments: args },
	...more,
});

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

/** Both ways in which n8n asks a model: a chain or an agent without streaming, and one with it. */
const WAYS: Array<[string, (model: SuppliedModel, input: unknown) => Promise<SuppliedMessage>]> = [
	['invoked', async (model, input) => await model.invoke(input)],
	['streamed', streamed],
];

describe.each(WAYS)('Tool calls, %s', (_way, askFor) => {
	const { run } = useModel();
	const calls: Ask = async (model) => {
		const { tool_calls = [] } = await askFor(model.bindTools([TOOL]), 'Weather?');
		return tool_calls.map(({ id, name, args }) => ({ id, name, args }));
	};

	it.each([
		['as usual', '{"city":"Oslo"}', { city: 'Oslo' }],
		['encoded twice', JSON.stringify('{"city":"Oslo"}'), { city: 'Oslo' }],
		['as empty text', '', {}],
		['as null', 'null', {}],
	])('arguments %s are an object', async (_name, args, expected) => {
		const answer = () => completion({ content: null, tool_calls: [call(args)] }, 'tool_calls');
		expect(await run(calls, answer)).toEqual([{ id: 'c1', name: 'get_weather', args: expected }]);
	});

	it.each([
		['cut off', '{"city":"Os'],
		['with rubbish after them', '{"city":"Oslo"}""'],
		['that are a list', '["Oslo"]'],
		['that are text', '"Oslo"'],
	])('arguments %s are an error, never an empty object', async (_name, args) => {
		const answer = () => completion({ content: null, tool_calls: [call(args)] }, 'tool_calls');
		await expect(run(calls, answer)).rejects.toThrow(/not a JSON object|arguments/);
	});
});

describe.each(WAYS)('What came beside a tool call, %s', (_way, askFor) => {
	const { asked, run } = useModel();
	const SIGNATURE = { google: { thought_signature: 'SIG==' } };
	const first = completion(
		{
			content: '',
			reasoning_content: 'I need the tool.',
			tool_calls: [call('{"city":"Oslo"}', { extra_content: SIGNATURE })],
		},
		'tool_calls',
	);
	const answer: Answer = ({ messages }) =>
		messages.some(({ role }) => role === 'assistant') ? completion({ content: 'Sunny.' }) : first;
	const result = { role: 'tool', content: 'sunny', tool_call_id: 'c1' };

	function sentCall(): unknown {
		const turn = asked[1]?.messages.find(({ role }) => role === 'assistant');
		return (turn as { tool_calls: unknown[] }).tool_calls[0];
	}

	it('goes back with the result of the tool', async () => {
		const loop: Ask = async (model) => {
			const turn = await askFor(model.bindTools([TOOL]), 'Weather?');
			return textOf(await askFor(model.bindTools([TOOL]), [['human', 'Weather?'], turn, result]));
		};
		expect(await run(loop, answer)).toBe('Sunny.');
		expect(sentCall()).toEqual(call('{"city":"Oslo"}', { extra_content: SIGNATURE }));
	});

	it('goes back also through a new model object and a rebuilt turn, as of AI Agent 3', async () => {
		const loop: Ask = async (model, supply) => {
			await askFor(model.bindTools([TOOL]), 'Weather?');
			const again = await supply();
			const turn = {
				role: 'assistant',
				content: [],
				tool_calls: [
					{ id: 'c1', name: 'get_weather', args: { city: 'Oslo', id: 'c1' }, type: 'tool_call' },
				],
			};
			const turns = [['human', 'Weather?'], turn, result];
			return textOf(await askFor(again.bindTools([TOOL]), turns));
		};
		expect(await run(loop, answer)).toBe('Sunny.');
		expect(sentCall()).toEqual(call('{"city":"Oslo"}', { extra_content: SIGNATURE }));
	});

	it('has the reasoning with it where the server misses that', async () => {
		const demanding: Answer = (body) => {
			const turn = body.messages.find(({ role }) => role === 'assistant');
			if (turn === undefined || 'reasoning_content' in turn) return answer(body);
			const message = 'Missing `reasoning_content` field in the assistant message at index 1.';
			return { error: { message, type: 'invalid_request_error' } };
		};
		const loop: Ask = async (model) => {
			const turn = await askFor(model.bindTools([TOOL]), 'Weather?');
			return textOf(await askFor(model.bindTools([TOOL]), [['human', 'Weather?'], turn, result]));
		};
		expect(await run(loop, demanding)).toBe('Sunny.');
		const turn = asked.at(-1)?.messages.find(({ role }) => role === 'assistant');
		expect(turn).toMatchObject({ content: null, reasoning_content: 'I need the tool.' });
	});

	it('is not mixed up with an older call of the same ID', async () => {
		const answers: Answer = ({ messages }) => {
			const turns = messages.filter(({ role }) => role === 'assistant').length;
			const city = ['Oslo', 'Rome'][turns];
			if (city === undefined) return completion({ content: 'Sunny.' });
			const extra = { extra_content: { google: { thought_signature: city } } };
			return completion(
				{ content: null, tool_calls: [call(JSON.stringify({ city }), extra)] },
				'tool_calls',
			);
		};
		const loop: Ask = async (model) => {
			const tools = model.bindTools([TOOL]);
			const turns: unknown[] = [['human', 'Weather?']];
			turns.push(await askFor(tools, turns), result);
			turns.push(await askFor(tools, turns), result);
			return textOf(await askFor(tools, turns));
		};
		expect(await run(loop, answers)).toBe('Sunny.');
		const sent = (asked[2] as Asked).messages.flatMap(
			(turn) => (turn['tool_calls'] ?? []) as Array<ReturnType<typeof call>>,
		);
		expect(
			sent.map((one) => [one.function.arguments, JSON.stringify(one).includes('Oslo"}}')]),
		).toEqual([
			['{"city":"Oslo"}', true],
			['{"city":"Rome"}', false],
		]);
	});
});

describe('Tools', () => {
	const { asked, run } = useModel();

	it('are sent without the name of their schema dialect', async () => {
		await run(async (model) => textOf(await model.bindTools([TOOL]).invoke('Hi')), seen);
		const sent = asked[0]?.tools?.[0]?.function.parameters;
		expect(sent).toEqual({
			type: 'object',
			properties: { city: { type: 'string' } },
			required: ['city'],
		});
	});
});

describe("n8n's log of the model", () => {
	const { execute } = useModel();
	const usage = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5, cost: 0.125 };
	const answer: Answer = ({ stream }) =>
		stream === false
			? completion({ content: 'Hello there' }, 'stop', { usage })
			: [delta({ content: 'Hello ' }), delta({ content: 'there' }, 'stop', { usage })];

	it.each(WAYS)('has the exact token counts of an answer that was %s', async (_way, askFor) => {
		const question: Ask = async (model) => textOf(await askFor(model, 'Hi'));
		const { run } = await execute(question, answer);
		const [task] = run.data.resultData.runData['Model'] ?? [];
		const logged = task?.data?.['ai_languageModel']?.[0]?.[0]?.json;
		expect(logged?.['tokenUsage']).toMatchObject({
			promptTokens: 2,
			completionTokens: 3,
			totalTokens: 5,
		});
		expect(logged).not.toHaveProperty('tokenUsageEstimate');
	});

	it('has them also of a model with tools', async () => {
		const question: Ask = async (model) => textOf(await streamed(model.bindTools([TOOL]), 'Hi'));
		const { run } = await execute(question, answer);
		const [task] = run.data.resultData.runData['Model'] ?? [];
		const logged = task?.data?.['ai_languageModel']?.[0]?.[0]?.json;
		expect(logged?.['tokenUsage']).toMatchObject({ promptTokens: 2, completionTokens: 3 });
	});
});

describe('A credential with an expression', () => {
	const { asked, execute } = useModel({ apiKey: '={{ $json.key }}' });

	it('is resolved for the item that the model is supplied for', async () => {
		const input = ['alice', 'bob'].map((key) => ({ json: { key } }));
		const question: Ask = async (model, supply) => {
			await model.invoke('Hi');
			await (await supply(1)).invoke('Hi');
			await streamed(await supply(1), 'Hi');
			return '';
		};
		await execute(question, () => completion({ content: 'Hello' }), {}, input);
		const keys = asked.map(({ authorization }) => authorization);
		expect(keys).toEqual(['Bearer alice', 'Bearer bob', 'Bearer bob']);
	});
});

describe('The field Model', () => {
	const { asked, run } = useModel();

	it.each([' m-1 ', '={{ " m-1 " }}'])('is trimmed: %j', async (value) => {
		const model = { __rl: true, mode: 'id', value };
		await run(async (supplied) => textOf(await supplied.invoke('Hi')), seen, { model });
		expect(asked.map(({ model: sent }) => sent)).toEqual(['m-1']);
	});

	it.each(['={{ null }}', '={{ undefined }}', '   '])(
		'without a name asks for none: %j',
		async (value) => {
			const model = { __rl: true, mode: 'id', value };
			const answer = run(async (supplied) => textOf(await supplied.invoke('Hi')), seen, { model });
			await expect(answer).rejects.toThrow(/model/i);
			expect(asked.filter(({ messages }) => messages !== undefined)).toEqual([]);
		},
	);
});
