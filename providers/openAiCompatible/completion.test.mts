import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { ProviderError } from '../errors.ts';
import { ImageResponse, type ProviderChunk } from '../types.ts';
import { CompletionReader } from './completion.ts';

/** What an answer of these chunks says. */
function read(...completions: Array<Record<string, unknown>>) {
	const reader = new CompletionReader({}, 'a prompt');
	const chunks: ProviderChunk[] = [];
	for (const completion of completions) reader.read(completion, chunks);
	return { reader, chunks };
}

function chunksOf(...completions: Array<Record<string, unknown>>) {
	return read(...completions).chunks;
}

function saying(delta: Record<string, unknown>, finish?: string) {
	return { choices: [{ index: 0, delta, finish_reason: finish ?? null }] };
}

const CALL = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };

test.each(['message', 'delta'])('a %s comes out as chunks in their order', (field) => {
	const said = { reasoning_content: 'Hm', content: 'Hi', tool_calls: [CALL] };
	const completion = {
		model: 'm',
		choices: [{ [field]: said, finish_reason: 'stop' }],
		usage: { total_tokens: 3 },
	};
	expect(chunksOf(completion)).toEqual([
		{ type: 'model', model: 'm' },
		{ type: 'reasoning', text: 'Hm' },
		{ type: 'text', text: 'Hi' },
		{ type: 'toolCall', delta: { index: 0, id: 'a', name: 'f', arguments: '{}' } },
		{ type: 'finish', reason: 'stop' },
		{ type: 'usage', usage: { totalTokens: 3 } },
	]);
});

test.each([
	['as parts', { delta: { content: [{ type: 'text', text: 'a' }, { text: 'b' }, null, 7] } }, 'ab'],
	['of a plain completion', { text: 'ab' }, 'ab'],
	['of a plain completion, with empty content', { delta: { content: '' }, text: 'ab' }, 'ab'],
	['of white space only', { delta: { content: ' \n' } }, ' \n'],
])('text %s is text', (_form, choice, text) => {
	const chunks = chunksOf({ choices: [choice] });
	expect(chunks.every(({ type }) => type === 'text')).toBe(true);
	expect(chunks.map((chunk) => ('text' in chunk ? chunk.text : '')).join('')).toBe(text);
});

test.each([
	{},
	{ choices: [] },
	{ choices: null },
	{ choices: [null] },
	{ choices: [{}] },
	{ choices: [{ delta: {}, finish_reason: null }], usage: null },
	{ choices: [{ delta: { content: '', refusal: null, tool_calls: [] } }] },
	{ choices: 'x', model: 7, usage: [] },
])('%j holds nothing', (completion) => {
	expect(chunksOf(completion)).toEqual([]);
});

test.each(['message', 'delta'])('the words of a refusal are found in a %s', (field) => {
	const refusing = { choices: [{ [field]: { content: null, refusal: 'No.' } }] };
	expect(read(refusing).reader.refusal).toBe('No.');
	expect(chunksOf(refusing)).toEqual([]);
});

test.each([{}, { choices: [] }, { choices: [{ delta: { refusal: null } }] }])(
	'%j refuses nothing',
	(completion) => {
		expect(read(completion).reader.refusal).toBe('');
	},
);

test('with any fields missing or of any type, nothing but a ProviderError is thrown', () => {
	const any = fc.jsonValue({ maxDepth: 2 });
	const some = <T,>(arbitrary: fc.Arbitrary<T>) => fc.oneof(arbitrary, any);
	const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
		some(fc.record(fields, { requiredKeys: [] }));
	const toolCall = record({ index: any, id: any, function: record({ name: any, arguments: any }) });
	const said = record({
		content: any,
		refusal: any,
		reasoning: any,
		tool_calls: some(fc.array(toolCall, { maxLength: 3 })),
	});
	const choice = record({ delta: said, message: said, text: any, finish_reason: any });
	const completion = fc.record(
		{ model: any, usage: any, choices: some(fc.array(choice, { maxLength: 2 })) },
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(completion, (value) => {
			try {
				for (const chunk of chunksOf(value)) expect(chunk.type).toBeTypeOf('string');
			} catch (error) {
				expect(error).toBeInstanceOf(ProviderError);
			}
		}),
		{ numRuns: 500 },
	);
});

test('only the first choice makes the text', () => {
	const two = (first: string, second: string) => ({
		choices: [
			{ index: 0, delta: { content: first } },
			{ index: 1, delta: { content: second } },
		],
	});
	const alone = { choices: [{ index: 1, delta: { content: 'dog' } }] };
	expect(chunksOf(two('The ', 'A '), alone, two('cat', '!'))).toEqual([
		{ type: 'text', text: 'The ' },
		{ type: 'text', text: 'cat' },
	]);
});

describe('a message at the end of a stream', () => {
	test('that repeats the deltas is no more text', () => {
		const last = { choices: [{ message: { content: 'HelloYou' }, finish_reason: 'stop' }] };
		expect(chunksOf(saying({ content: 'Hello' }), saying({ content: 'You' }), last)).toEqual([
			{ type: 'text', text: 'Hello' },
			{ type: 'text', text: 'You' },
			{ type: 'finish', reason: 'stop' },
		]);
	});

	test('is the text where the deltas brought none', () => {
		const last = { choices: [{ delta: {}, message: { content: 'Hi', reasoning: 'Hm' } }] };
		expect(chunksOf(saying({ role: 'assistant', reasoning: 'Hm' }), last)).toEqual([
			{ type: 'reasoning', text: 'Hm' },
			{ type: 'text', text: 'Hi' },
		]);
	});

	test('beside a delta with the same text counts once', () => {
		const chunk = { choices: [{ delta: { content: 'Hi' }, message: { content: 'Hi' } }] };
		expect(chunksOf(chunk)).toEqual([{ type: 'text', text: 'Hi' }]);
	});
});

test('several pieces of plain completions are all text', () => {
	const piece = (text: string) => ({ choices: [{ text }] });
	expect(chunksOf(piece('a'), piece('b'))).toEqual([
		{ type: 'text', text: 'a' },
		{ type: 'text', text: 'b' },
	]);
});

test('a call in the older shape is a tool call', () => {
	const function_call = { name: 'f', arguments: '{}' };
	expect(chunksOf(saying({ function_call }, 'function_call'))).toEqual([
		{ type: 'toolCall', delta: { index: 0, id: 'call_0', name: 'f', arguments: '{}' } },
		{ type: 'finish', reason: 'tool_calls' },
	]);
});

describe('the reason for the end', () => {
	test.each([
		['MAX_TOKENS', 'length'],
		['max_tokens', 'length'],
		['max_output_tokens', 'length'],
		['SAFETY', 'content_filter'],
		['content_filter: SAFETY', 'content_filter'],
		['PROHIBITED_CONTENT', 'content_filter'],
		['sensitive', 'content_filter'],
		['STOP', 'STOP'],
		['eos', 'eos'],
		['tool_calls', 'tool_calls'],
	])('%j is %j', (told, reason) => {
		expect(chunksOf(saying({}, told))).toEqual([{ type: 'finish', reason }]);
	});

	test.each([
		'error',
		'abort',
		'ABORTED',
		'cancelled',
		'network_error',
		'insufficient_system_resource',
	])('%j is a failure, after the text that came with it', (reason) => {
		const { reader, chunks } = read(saying({ content: 'Hal' }, reason));
		expect(chunks).toEqual([{ type: 'text', text: 'Hal' }]);
		expect(reader.failure).toEqual({ reason, error: '' });
	});

	test('an error of the choice is kept with it', () => {
		const choices = [{ delta: {}, error: { message: 'Idle' }, finish_reason: 'stop' }];
		expect(read({ choices }).reader.failure).toEqual({
			reason: 'stop',
			error: '{"error":{"message":"Idle"}}',
		});
	});
});

test('names of a megabyte are cut', () => {
	const long = 'x'.repeat(1_000_000);
	expect(JSON.stringify(chunksOf({ model: long, ...saying({}, long) })).length).toBeLessThan(1000);
});

describe('images of a chat', () => {
	const url = 'data:image/png;base64,QQ==';
	const image = (link: string) => ({ type: 'image', image: new ImageResponse([link], 'a prompt') });

	test.each([
		['beside the text', { content: 'Hi', images: [{ type: 'image_url', image_url: { url } }] }],
		[
			'as a part of the content',
			{
				content: [
					{ type: 'text', text: 'Hi' },
					{ type: 'image_url', image_url: { url } },
				],
			},
		],
		[
			'as a part with the link itself',
			{
				content: [
					{ type: 'text', text: 'Hi' },
					{ type: 'output_image', image_url: url },
				],
			},
		],
		['as plain links', { content: 'Hi', images: [url] }],
		['as base64', { content: 'Hi', images: [{ b64_json: 'QQ==' }] }],
	])('%s come after it', (_form, delta) => {
		expect(chunksOf(saying(delta))).toEqual([{ type: 'text', text: 'Hi' }, image(url)]);
	});

	test('that come again in the message at the end are the same', () => {
		const images = [{ image_url: { url } }, { image_url: { url: 'https://a.example/b.png' } }];
		const last = { choices: [{ message: { content: '', images } }] };
		expect(chunksOf(saying({ images: images.slice(0, 1) }), last)).toEqual([
			image(url),
			image('https://a.example/b.png'),
		]);
	});

	test('without end are refused', async () => {
		const images = Array.from({ length: 101 }, (_, number) => `https://a.example/${number}.png`);
		const error = await providerErrorOf(() => chunksOf(saying({ images })));
		expect(error).toMatchObject({
			kind: 'refused',
			message: 'The service sent more than 100 images',
		});
	});
});

describe('sources', () => {
	function sourcesOf(...completions: Array<Record<string, unknown>>) {
		const { reader, chunks } = read(...completions);
		reader.finish(chunks);
		return chunks.find((chunk) => chunk.type === 'sources')?.sources;
	}

	test('of Perplexity come once, with their titles', () => {
		const citations = ['https://a.example', 'https://b.example'];
		const results = [{ url: 'https://a.example', title: 'A', snippet: 'Of a', date: '2026' }];
		const chunk = { citations, search_results: results, ...saying({ content: '[1]' }) };
		expect(sourcesOf(chunk, chunk)).toEqual([
			{ url: 'https://a.example', title: 'A', quote: 'Of a' },
			{ url: 'https://b.example' },
		]);
	});

	test('of annotations are found', () => {
		const url_citation = { url: 'https://a.example', title: 'A', content: 'Of a', start_index: 1 };
		const annotations = [{ type: 'url_citation', url_citation }, { type: 'file_citation' }];
		expect(sourcesOf(saying({ content: 'Hi', annotations }))).toEqual([
			{ url: 'https://a.example', title: 'A', quote: 'Of a' },
		]);
	});

	test.each([undefined, [], [null, 7, {}], 'x'])('%j are none', (citations) => {
		expect(sourcesOf({ citations })).toBeUndefined();
	});
});

test('the likelihoods of tokens are passed on as they came', () => {
	const logprobs = { content: [{ token: 'Hi', logprob: -0.1 }] };
	const choices = [{ delta: { content: 'Hi' }, logprobs }];
	expect(chunksOf({ choices })).toEqual([
		{ type: 'text', text: 'Hi' },
		{ type: 'logprobs', logprobs: logprobs.content },
	]);
});

describe('usage', () => {
	const usage = { total_tokens: 3 };
	const chunk = { type: 'usage', usage: { totalTokens: 3 } };

	test.each([
		['in the choice', { choices: [{ delta: {}, usage }] }],
		['in a field of the vendor’s own', { choices: [], x_groq: { usage } }],
		['beside the choices', { choices: [], usage }],
	])('%s is found', (_place, completion) => {
		expect(chunksOf(completion)).toEqual([chunk]);
	});

	test('with a cost in the head of the answer', () => {
		const reader = new CompletionReader({ 'x-litellm-response-cost': '0.25' }, '');
		const chunks: ProviderChunk[] = [];
		reader.read({ usage }, chunks);
		reader.finish(chunks);
		expect(chunks).toEqual([{ type: 'usage', usage: { totalTokens: 3, cost: 0.25 } }]);
	});
});
