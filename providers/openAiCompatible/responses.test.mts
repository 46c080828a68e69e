import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { eventStream, json, type MemoryAnswer } from '../../test/support/memoryTransport.mts';
import { MemoryTransport } from '../../test/support/memoryTransport.mts';
import { collectReply } from '../collectReply.ts';
import type { GenerateOptions, Message } from '../types.ts';
import { OpenAiCompatible } from './OpenAiCompatible.ts';
import { ModelTraits } from './serverTraits.ts';
import { responsesBody } from './responses.ts';

const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
const ONLY_THERE = json(
	{ error: { message: 'This model is only supported in v1/responses' } },
	404,
);
const OUTPUT = [
	{ type: 'reasoning', summary: [{ text: 'First.' }, { text: 'Second.' }] },
	{
		type: 'message',
		content: [{ type: 'output_text', text: 'Hi!', annotations: [{ url: 'https://a.example' }] }],
	},
];
const WHOLE = {
	object: 'response',
	status: 'completed',
	error: null,
	model: 'm-1',
	output: OUTPUT,
	usage: { input_tokens: 2, output_tokens: 3, total_tokens: 5 },
};

function event(type: string, fields: object): string {
	return `event: response.${type}\ndata: ${JSON.stringify({ type: `response.${type}`, ...fields })}`;
}

async function reply(answer: MemoryAnswer, options: GenerateOptions = {}) {
	const transport = new MemoryTransport([ONLY_THERE, answer]);
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1');
	return await collectReply(provider.createAsyncGenerator('m', HELLO, options));
}

const REPLY = {
	text: 'Hi!',
	reasoning: 'First.\n\nSecond.',
	model: 'm-1',
	finishReason: 'stop',
	sources: [{ url: 'https://a.example' }],
	usage: { promptTokens: 2, completionTokens: 3, totalTokens: 5 },
};

describe('an answer of the Responses API', () => {
	test('that comes whole', async () => {
		expect(await reply(json(WHOLE))).toMatchObject(REPLY);
	});

	test('that is streamed is not doubled by the events that repeat it', async () => {
		const stream = eventStream(
			event('created', { response: { ...WHOLE, status: 'in_progress', output: [] } }),
			event('reasoning_summary_part.added', { summary_index: 0 }),
			event('reasoning_summary_text.delta', { delta: 'First.' }),
			event('reasoning_summary_part.added', { summary_index: 1 }),
			event('reasoning_summary_text.delta', { delta: 'Second.' }),
			event('reasoning_summary_text.done', { text: 'Second.' }),
			event('output_text.delta', { delta: 'H' }),
			event('output_text.delta', { delta: 'i!' }),
			event('output_text.annotation.added', { annotation: { url: 'https://a.example' } }),
			event('output_text.done', { text: 'Hi!' }),
			event('output_item.done', { item: OUTPUT[1] }),
			event('completed', { response: WHOLE }),
		);
		expect(await reply(stream)).toMatchObject({ ...REPLY, fragments: 2 });
	});

	test('that thinks in several parts and items has a blank line between them, none before', async () => {
		const part = (output_index: number, summary_index: number, delta: string) => [
			event('reasoning_summary_part.added', { output_index, summary_index }),
			event('reasoning_summary_text.delta', { output_index, summary_index, delta }),
		];
		const stream = eventStream(
			...part(1, 0, 'A'),
			...part(1, 1, 'B'),
			event('output_text.delta', { delta: 'Hi!' }),
			...part(3, 0, 'C'),
			event('completed', { response: WHOLE }),
		);
		expect(await reply(stream)).toMatchObject({ reasoning: 'A\n\nB\n\nC', text: 'Hi!' });
	});

	test.each(['queued', 'in_progress'])('that is only %s is an error', async (status) => {
		const begun = { ...WHOLE, id: 'resp_1', status, output: [] };
		const error = await providerErrorOf(async () => await reply(json(begun)));
		expect(error).toMatchObject({ kind: 'protocol', message: 'The service has not answered yet' });
		expect(error.details.explanation).toContain(`response resp_1 is '${status}'`);
	});

	test('that only its last event brings', async () => {
		expect(await reply(eventStream(event('completed', { response: WHOLE })))).toMatchObject(REPLY);
	});

	test('that calls tools', async () => {
		const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '' };
		const stream = eventStream(
			event('output_item.added', { output_index: 1, item: call }),
			event('function_call_arguments.delta', { output_index: 1, delta: '{"a":' }),
			event('function_call_arguments.delta', { output_index: 1, delta: '1}' }),
			event('function_call_arguments.done', { output_index: 1, arguments: '{"a":1}' }),
			event('completed', {
				response: { ...WHOLE, output: [{ ...call, arguments: '{"a":1}' }] },
			}),
		);
		expect(await reply(stream)).toMatchObject({
			toolCalls: [{ id: 'call_1', name: 'f', arguments: '{"a":1}' }],
			finishReason: 'tool_calls',
		});
	});

	test.each([
		['at its end alone', ''],
		['twice', '{"a":1}'],
	])('that calls a tool whose arguments come %s', async (_, delta) => {
		const call = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '' };
		const item = { ...call, arguments: '{"a":1}' };
		const stream = eventStream(
			event('output_item.added', { output_index: 3, item: call }),
			event('function_call_arguments.delta', { output_index: 3, delta }),
			event('output_item.done', { output_index: 3, item }),
			event('completed', { response: { ...WHOLE, output: [item] } }),
		);
		const { toolCalls } = await reply(stream);
		expect(toolCalls).toMatchObject([{ id: 'call_1', name: 'f', arguments: '{"a":1}' }]);
	});

	test('that draws', async () => {
		const output = [{ type: 'image_generation_call', result: 'iVBORw0KGgo=' }];
		const { images } = await reply(json({ ...WHOLE, output }));
		expect(images.map((image) => image.images)).toEqual([['data:image/png;base64,iVBORw0KGgo=']]);
	});

	test('that draws names the image once, whether or not its last event repeats it', async () => {
		const item = { type: 'image_generation_call', result: 'iVBORw0KGgo=' };
		for (const output of [[], [item]]) {
			const { images } = await reply(
				eventStream(
					event('output_item.done', { output_index: 0, item }),
					event('completed', { response: { ...WHOLE, output } }),
				),
			);
			expect(images).toHaveLength(1);
		}
	});

	test.each([
		['fails', event('failed', { response: { ...WHOLE, error: { message: 'Overloaded' } } })],
		['reports an error', 'event: error\ndata: {"type":"error","message":"Overloaded"}'],
	])('that %s is an error with the text before it', async (_, last) => {
		const stream = eventStream(event('output_text.delta', { delta: 'Hi' }), last);
		const error = await providerErrorOf(async () => await reply(stream));
		expect(error.details).toMatchObject({ serviceMessage: 'Overloaded', partialText: 'Hi' });
	});

	test('that breaks off is truncated', async () => {
		const stream = eventStream(event('output_text.delta', { delta: 'Hi' }));
		const error = await providerErrorOf(async () => await reply(stream));
		expect(error).toMatchObject({ kind: 'truncated', details: { partialText: 'Hi' } });
	});
});

test('every part of a conversation has a place in the request', () => {
	const messages = [
		{
			role: 'user',
			content: [
				{ type: 'text', text: 'What is it?' },
				{ type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
				{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' } },
			],
		},
		{
			role: 'assistant',
			content: null,
			tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
		},
		{ role: 'tool', tool_call_id: 'c', content: 'sunny' },
	];
	const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
	const chat = { model: 'm', messages, tools, web_search_options: {}, seed: 1, stream_options: {} };
	expect(responsesBody(chat, new ModelTraits())).toEqual({
		model: 'm',
		store: false,
		reasoning: { summary: 'auto' },
		input: [
			{
				role: 'user',
				content: [
					{ type: 'input_text', text: 'What is it?' },
					{ type: 'input_image', image_url: 'https://a.example/b.png', detail: 'low' },
					{ type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' },
				],
			},
			{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
			{ type: 'function_call_output', call_id: 'c', output: 'sunny' },
		],
		tools: [{ type: 'function', strict: false, name: 'f', parameters: {} }, { type: 'web_search' }],
	});
});

// llama.cpp says of any other: "Cannot determine type of 'item'".
test('what a model has said is sent in a form of its own, before its calls', () => {
	const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
	const messages = [{ role: 'assistant', content: 'I will look.', tool_calls: calls }];
	expect(responsesBody({ messages }, new ModelTraits())['input']).toEqual([
		{
			type: 'message',
			role: 'assistant',
			content: [{ type: 'output_text', text: 'I will look.' }],
		},
		{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
	]);
});

test('what the user put into the body in the words of this API stays there', () => {
	const own = {
		max_output_tokens: 5,
		reasoning: { summary: 'detailed' },
		text: { verbosity: 'low' },
		tools: [{ type: 'image_generation', size: 'auto' }],
	};
	const format = { type: 'json_schema', json_schema: { name: 'n', schema: {} } };
	const chat = { max_tokens: 9, reasoning_effort: 'low', response_format: format, ...own };
	expect(responsesBody(chat, new ModelTraits())).toMatchObject({
		...own,
		reasoning: { effort: 'low', summary: 'detailed' },
		text: { format: { type: 'json_schema', name: 'n', schema: {} }, verbosity: 'low' },
	});
});

test('a summary that the service does not give is not asked for again', async () => {
	const message = 'Your organization must be verified to generate reasoning summaries.';
	const refused = json({ error: { message, param: 'reasoning.summary' } }, 400);
	const transport = new MemoryTransport([ONLY_THERE, refused, json(WHOLE)]);
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1');
	await collectReply(provider.createAsyncGenerator('m', HELLO));
	const sent = transport.requests.slice(1).map(({ body }) => JSON.parse(String(body)));
	expect(sent.map(({ reasoning }) => reasoning)).toEqual([{ summary: 'auto' }, undefined]);
});
