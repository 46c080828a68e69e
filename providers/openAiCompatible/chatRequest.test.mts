import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { GenerateOptions, Message, ResponseFormat } from '../types.ts';
import { chatBody } from './chatRequest.ts';
import { ModelTraits, type Trait } from './serverTraits.ts';

const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
const SCHEMA: ResponseFormat = { type: 'json_schema', name: 'answer', schema: { type: 'object' } };

/** What is known of a model that refuses these. */
function without(...refused: Trait[]): ModelTraits {
	const traits = new ModelTraits();
	for (const trait of refused) traits.note({ trait, isWanted: false });
	return traits;
}

function wanting(trait: Trait): ModelTraits {
	const traits = new ModelTraits();
	traits.note({ trait, isWanted: true });
	return traits;
}

function body(options: GenerateOptions = {}, traits = new ModelTraits(), messages = HELLO) {
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
		max_tokens: 7,
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
	const png = { kind: 'image', mimeType: 'image/png', fileName: 'a', content: 'QQ==' } as const;
	const messages: Message[] = [
		{ role: 'user', content: 'Look', attachments: [png, { ...png, detail: 'low' }] },
	];
	const url = 'data:image/png;base64,QQ==';
	expect(body({}, new ModelTraits(), messages)['messages']).toEqual([
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
		[[], 'max_tokens'],
		[['max_tokens'], 'max_completion_tokens'],
		[['max_completion_tokens'], 'max_tokens'],
		[['max_completion_tokens', 'max_tokens'], 'max_tokens'],
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
			const sent = body({ chat: options }, new ModelTraits(), conversation);
			expect(JSON.parse(JSON.stringify(sent))).toEqual(sent);
			expect(Object.values(sent)).not.toContain(undefined);
			expect(sent['messages']).toEqual(conversation);
		}),
	);
});

test('a model that is known to want max_completion_tokens gets it at once', () => {
	const sent = body({ chat: { maxTokens: 7 } }, wanting('max_completion_tokens'));
	expect(sent).toMatchObject({ max_completion_tokens: 7 });
	expect('max_tokens' in sent).toBe(false);
});

describe('a model without a system role', () => {
	const traits = without('system');
	const messagesOf = (...messages: Message[]) => body({}, traits, messages)['messages'];

	test('gets the text in front of the first user message', () => {
		const messages = messagesOf(
			{ role: 'system', content: 'Be brief.' },
			{ role: 'assistant', content: 'Yes?' },
			{ role: 'user', content: 'Hello' },
			{ role: 'user', content: 'Again' },
		);
		expect(messages).toEqual([
			{ role: 'assistant', content: 'Yes?' },
			{ role: 'user', content: 'Be brief.\n\nHello' },
			{ role: 'user', content: 'Again' },
		]);
	});

	test('gets it as a user message where there is none', () => {
		expect(messagesOf({ role: 'system', content: 'Go.' })).toEqual([
			{ role: 'user', content: 'Go.' },
		]);
	});

	test('also gets the instruction for a format so', () => {
		const options = { chat: { responseFormat: { type: 'json_object' } as const } };
		const sent = body(options, traits)['messages'] as Message[];
		expect(sent).toHaveLength(1);
		expect(sent[0]?.content).toMatch(/JSON object only[^]*Hello/);
	});
});

describe('a turn that called tools', () => {
	const extra = { extra_content: { google: { thought_signature: 'sig' } } };
	const calling = (fields: Partial<Message> = {}, more = {}): Message => ({
		role: 'assistant',
		content: '',
		toolCalls: [{ id: 'a', name: 'f', arguments: '{}', ...more }],
		...fields,
	});
	const turn = (message: Message, traits = new ModelTraits()) =>
		(body({}, traits, [message])['messages'] as unknown[])[0];

	test('has no content rather than an empty one', () => {
		expect(turn(calling())).toEqual({
			role: 'assistant',
			content: null,
			tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
		});
	});

	test('keeps its text', () => {
		expect(turn(calling({ content: 'Wait.' }))).toMatchObject({ content: 'Wait.' });
	});

	test('sends unknown fields of the call back unchanged', () => {
		expect(turn(calling({}, { extra }))).toMatchObject({ tool_calls: [{ id: 'a', ...extra }] });
	});

	test('sends empty arguments as an empty object', () => {
		expect(turn(calling({}, { arguments: '' }))).toMatchObject({
			tool_calls: [{ function: { arguments: '{}' } }],
		});
	});

	test('sends its reasoning back only where the server wants it', () => {
		const message = calling({ reasoning: 'Hm' });
		expect(turn(message)).not.toHaveProperty('reasoning_content');
		expect(turn(message, wanting('reasoning_content'))).toMatchObject({ reasoning_content: 'Hm' });
	});

	test('sends a blank where the reasoning is not known', () => {
		expect(turn(calling(), wanting('reasoning_content'))).toMatchObject({ reasoning_content: ' ' });
	});

	test('sends Gemini’s stand-in for a lost signature only where one is wanted', () => {
		const traits = wanting('thought_signature');
		expect(JSON.stringify(turn(calling(), traits))).toContain('skip_thought_signature_validator');
		expect(JSON.stringify(turn(calling({}, { extra }), traits))).not.toContain('skip_');
		expect(JSON.stringify(turn(calling()))).not.toContain('skip_');
	});
});

test('the dialect of a tool’s schema is not sent', () => {
	const parameters = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' };
	const sent = body({ chat: { tools: [{ name: 'f', parameters }] } })['tools'];
	expect(sent).toEqual([
		{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } },
	]);
});

test.each([
	['with the field that most services take', false, { web_search_options: {} }],
	['with the field of OpenRouter', true, { plugins: [{ id: 'web' }] }],
])('a search of the web is asked for %s', (_, isOpenRouter, sent) => {
	const traits = new ModelTraits();
	if (isOpenRouter) traits.note({ trait: 'plugins', isWanted: true });
	const plain = chatBody('m', [], {}, traits);
	expect(chatBody('m', [], { chat: { webSearch: true } }, traits)).toEqual({ ...plain, ...sent });
});
