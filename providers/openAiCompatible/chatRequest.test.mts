import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../errors.ts';
import type { GenerateOptions, Message, ResponseFormat } from '../types.ts';
import { chatBody, ServerTraits, type Trait } from './chatRequest.ts';

const TRAITS: Trait[] = [
	'stream_options',
	'stream',
	'max_completion_tokens',
	'max_tokens',
	'response_format',
];
const SENT = {
	stream: true,
	stream_options: { include_usage: true },
	max_completion_tokens: 5,
	response_format: { type: 'json_object' },
};

function refusal(serviceMessage: string, parameter?: string, status = 400) {
	const named = parameter === undefined ? {} : { parameter };
	return new ProviderError('http', 'x', { status, serviceMessage, ...named });
}

function learnt(error: ProviderError, sent: Record<string, unknown> = SENT) {
	const traits = new ServerTraits();
	const again = traits.learn(error, sent);
	return { again, refused: TRAITS.filter((trait) => !traits.takes(trait)) };
}

test('a server takes everything until it refuses something', () => {
	expect(TRAITS.every((trait) => new ServerTraits().takes(trait))).toBe(true);
});

describe('a refusal', () => {
	test.each([
		['Unknown parameter', 'stream_options', 'stream_options'],
		['Wrong', 'stream_options.include_usage', 'stream_options'],
		['response_format is fine, but not this', 'stream', 'stream'],
		['Unrecognized request argument supplied: stream_options', undefined, 'stream_options'],
		["'max_completion_tokens' is not known", undefined, 'max_completion_tokens'],
		['RESPONSE_FORMAT is not supported', 'messages', 'response_format'],
		['Streaming is not supported', undefined, 'stream'],
		['stream must be false', undefined, 'stream'],
	])('with the words %j and the parameter %j is of %j', (words, parameter, trait) => {
		expect(learnt(refusal(words, parameter))).toEqual({ again: true, refused: [trait] });
	});

	test.each([400, 404, 415, 422, 501])('comes with the status %i', (status) => {
		expect(learnt(refusal('stream', undefined, status)).again).toBe(true);
	});

	test.each([401, 403, 429, 500, 503])('does not come with the status %i', (status) => {
		expect(learnt(refusal('stream', 'stream', status))).toEqual({ again: false, refused: [] });
	});

	test.each([
		[refusal('The model does not exist', 'model')],
		[refusal('upstream and max_completion_tokens_2 are wrong')],
		[refusal('')],
		[new ProviderError('http', 'stream', { status: 400 })],
		[new ProviderError('quota', 'x', { status: 400, serviceMessage: 'stream' })],
		[new ProviderError('blocked', 'x', { status: 400, serviceMessage: 'stream' })],
	])('%j is of nothing that could be left out', (error) => {
		expect(learnt(error)).toEqual({ again: false, refused: [] });
	});

	test('of what was not sent teaches nothing', () => {
		expect(learnt(refusal('No stream_options'), { stream: false }).again).toBe(false);
		expect(learnt(refusal('No stream'), { stream: false }).again).toBe(false);
	});

	test('is learnt once', () => {
		const traits = new ServerTraits();
		expect(traits.learn(refusal('No stream_options'), SENT)).toBe(true);
		expect(traits.learn(refusal('No stream_options'), SENT)).toBe(false);
	});
});

test('whatever a server refuses, it is not asked without end', () => {
	const message = fc.oneof(fc.constantFrom<string>(...TRAITS), fc.constant(TRAITS.join(' ')));
	const error = fc
		.record({ message, parameter: fc.option(fc.constantFrom(...TRAITS), { nil: undefined }) })
		.map(({ message: words, parameter }) => refusal(words, parameter));
	const extra = fc.dictionary(fc.constantFrom<string>(...TRAITS), fc.jsonValue());
	const format = { type: 'json_object' } as const;
	fc.assert(
		fc.property(fc.infiniteStream(error), extra, (errors, extraBody) => {
			const traits = new ServerTraits();
			const options = { chat: { maxTokens: 1, responseFormat: format }, extraBody };
			const body = () => chatBody('m', [], options, traits);
			let requests = 1;
			while (traits.learn(errors.next().value, body())) requests += 1;
			expect(requests).toBeLessThanOrEqual(TRAITS.length + 1);
		}),
	);
});

const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
const SCHEMA: ResponseFormat = { type: 'json_schema', name: 'answer', schema: { type: 'object' } };

/** What is learnt from a server that refuses these. */
function without(...refused: Trait[]): ServerTraits {
	const traits = new ServerTraits();
	for (const parameter of refused) {
		const error = new ProviderError('http', 'x', { status: 400, parameter });
		expect(traits.learn(error, { [parameter]: true })).toBe(true);
	}
	return traits;
}

function body(options: GenerateOptions = {}, traits = new ServerTraits(), messages = HELLO) {
	return chatBody('m', messages, options, traits);
}

test('without options it is just the conversation, streamed', () => {
	expect(body()).toEqual({
		model: 'm',
		messages: [{ role: 'user', content: 'Hello' }],
		stream: true,
		stream_options: { include_usage: true },
	});
});

test('every option has its field', () => {
	const chat = {
		temperature: 0,
		topP: 0.5,
		maxTokens: 7,
		frequencyPenalty: 0.1,
		presencePenalty: -0.1,
		stop: ['a'],
		seed: 0,
		reasoningEffort: 'low',
	};
	expect(body({ chat })).toMatchObject({
		temperature: 0,
		top_p: 0.5,
		max_completion_tokens: 7,
		frequency_penalty: 0.1,
		presence_penalty: -0.1,
		stop: ['a'],
		seed: 0,
		reasoning_effort: 'low',
	});
});

test('empty lists are not sent', () => {
	expect(body({ chat: { stop: [], tools: [] } })).toEqual(body());
});

test('tools are functions', () => {
	const parameters = { type: 'object' };
	const tools = [
		{ name: 'f', description: 'F.', parameters },
		{ name: 'g', parameters },
	];
	expect(body({ chat: { tools } })['tools']).toEqual([
		{ type: 'function', function: { name: 'f', description: 'F.', parameters } },
		{ type: 'function', function: { name: 'g', parameters } },
	]);
});

test('images go along as data: URLs behind their text', () => {
	const png = { mimeType: 'image/png', base64: 'QQ==' };
	const messages: Message[] = [
		{ role: 'user', content: 'Look', images: [png, { ...png, detail: 'low' }] },
	];
	const url = 'data:image/png;base64,QQ==';
	expect(body({}, new ServerTraits(), messages)['messages']).toEqual([
		{
			role: 'user',
			content: [
				{ type: 'text', text: 'Look' },
				{ type: 'image_url', image_url: { url } },
				{ type: 'image_url', image_url: { url, detail: 'low' } },
			],
		},
	]);
});

describe('a server that does not take', () => {
	test('stream_options gets none', () => {
		const sent = body({}, without('stream_options'));
		expect([sent['stream'], 'stream_options' in sent]).toEqual([true, false]);
	});

	test('streams is asked for the whole', () => {
		const sent = body({}, without('stream'));
		expect([sent['stream'], 'stream_options' in sent]).toEqual([false, false]);
	});

	test.each<[Trait[], string]>([
		[[], 'max_completion_tokens'],
		[['max_completion_tokens'], 'max_tokens'],
		[['max_completion_tokens', 'max_tokens'], 'max_completion_tokens'],
	])('%j gets the token limit as %j', (refused, field) => {
		const sent = body({ chat: { maxTokens: 7 } }, without(...refused));
		const limits = Object.entries(sent).filter(([name]) => name.startsWith('max_'));
		expect(limits).toEqual([[field, 7]]);
	});

	test('response_format is asked in words', () => {
		const sent = body({ chat: { responseFormat: SCHEMA } }, without('response_format'));
		expect('response_format' in sent).toBe(false);
		expect(JSON.stringify(sent['messages'])).toContain('JSON Schema');
	});
});

describe('a format', () => {
	test('of text is not mentioned', () => {
		expect(body({ chat: { responseFormat: { type: 'text' } } })).toEqual(body());
	});

	test('of JSON is asked for in the field and in words', () => {
		const sent = body({ chat: { responseFormat: { type: 'json_object' } } });
		expect(sent['response_format']).toEqual({ type: 'json_object' });
		expect(JSON.stringify(sent['messages'])).toContain('JSON');
	});

	test('with a schema needs no words', () => {
		const sent = body({ chat: { responseFormat: SCHEMA } });
		const { name, schema } = SCHEMA as { name: string; schema: object };
		expect(sent['response_format']).toEqual({ type: 'json_schema', json_schema: { name, schema } });
		expect(sent['messages']).toEqual(HELLO);
	});
});

test('the user’s own fields win', () => {
	const extraBody = { model: 'other', stream: false, temperature: null, think: true };
	expect(body({ chat: { temperature: 1 }, extraBody })).toMatchObject(extraBody);
});

test('whatever the options, the body survives JSON and keeps its messages in order', () => {
	const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), {
		nil: undefined,
	});
	const chat = fc.record({
		temperature: number,
		maxTokens: number,
		stop: fc.option(fc.array(fc.string()), { nil: undefined }),
		responseFormat: fc.constantFrom<ResponseFormat | undefined>(
			undefined,
			{ type: 'text' },
			SCHEMA,
		),
	});
	const role = fc.constantFrom<Message['role']>('system', 'user', 'assistant');
	const messages = fc.array(fc.record({ role, content: fc.string() }));
	fc.assert(
		fc.property(chat, messages, (options, conversation) => {
			const sent = body({ chat: options }, new ServerTraits(), conversation);
			expect(JSON.parse(JSON.stringify(sent))).toEqual(sent);
			expect(Object.values(sent)).not.toContain(undefined);
			expect(sent['messages']).toEqual(conversation);
		}),
	);
});
