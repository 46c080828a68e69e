import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../errors.ts';
import type { JsonObject } from '../decode/json.ts';
import type { Message } from '../types.ts';
import { chatBody } from './chatRequest.ts';
import { Negotiation } from './negotiation.ts';
import { ModelTraits, ServerTraits, type Trait } from './serverTraits.ts';

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
	const traits = new ModelTraits();
	const again = new Negotiation(traits, []).learn(error, sent);
	return { again, refused: TRAITS.filter((trait) => !traits.takes(trait)) };
}

test('a server takes everything until it refuses something', () => {
	expect(TRAITS.every((trait) => new ModelTraits().takes(trait))).toBe(true);
});

describe('a refusal of the mark for the cache', () => {
	const content = [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } }];
	const marked = { messages: [{ role: 'system', content }] };
	const refuses = (error: ProviderError, sent: JsonObject) => {
		const traits = new ModelTraits();
		new Negotiation(traits, []).learn(error, sent);
		return !traits.takes('cache_control') && traits.takes('system');
	};

	test.each([
		["Unknown parameter: 'messages[0].content[0].cache_control'."],
		['messages.0.content.0.text.cache_control: Extra inputs are not permitted'],
		// Groq
		[
			"'messages.0' : for 'role:system' the following must be satisfied[('messages.0.content' : value must be a string)]",
		],
		['Invalid type for messages[0].content: expected a string, but got an array instead.'],
	])('is %j', (words) => {
		expect(refuses(refusal(words), marked)).toBe(true);
		expect(refuses(refusal(words), { messages: [{ role: 'system', content: 'Be kind.' }] })).toBe(
			false,
		);
		expect(refuses(refusal(words, undefined, 500), marked)).toBe(false);
	});
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

	test('of what the user put into the body teaches nothing: it stays there', () => {
		const negotiation = new Negotiation(new ModelTraits(), []);
		expect(negotiation.learn(refusal('No stream'), SENT, { stream: true })).toBe(false);
	});
});

const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];

/** A server that refuses requests as it likes, and a request that is asked again until it is taken. */
function negotiate(
	refuse: (body: JsonObject) => ProviderError | undefined,
	options: object = {},
	messages = HELLO,
	traits = new ModelTraits(),
) {
	const negotiation = new Negotiation(
		traits,
		messages.map(({ content }) => content),
	);
	const bodies: JsonObject[] = [];
	for (;;) {
		const body = chatBody('m', messages, options, traits);
		bodies.push(body);
		const error = refuse(body);
		if (error === undefined) return { bodies, traits, error };
		if (!negotiation.learn(error, body)) return { bodies, traits, error };
	}
}

test('whatever a server refuses, it is not asked without end', () => {
	const message = fc.oneof(
		fc.constantFrom<string>(...TRAITS),
		fc.constant(TRAITS.join(' ')),
		fc.string(),
	);
	const error = fc
		.record({ message, parameter: fc.option(fc.constantFrom(...TRAITS), { nil: undefined }) })
		.map(({ message: words, parameter }) => refusal(words, parameter));
	const extraBody = fc.dictionary(fc.constantFrom<string>(...TRAITS), fc.jsonValue());
	fc.assert(
		fc.property(fc.infiniteStream(error), extraBody, (errors, extra) => {
			const options = {
				chat: { maxTokens: 1, responseFormat: { type: 'json_object' } },
				extraBody: extra,
			};
			const { bodies } = negotiate(() => errors.next().value, options);
			expect(bodies.length).toBeLessThanOrEqual(TRAITS.length + 1);
		}),
	);
});

describe('the token limit', () => {
	const options = { chat: { maxTokens: 5 } };

	test('is sent as max_completion_tokens once max_tokens is refused, never as both', () => {
		const { bodies, error } = negotiate(
			(body) =>
				'max_tokens' in body
					? refusal(
							"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
							'max_tokens',
						)
					: undefined,
			options,
		);
		expect(error).toBeUndefined();
		expect(bodies.map((body) => [body['max_tokens'], body['max_completion_tokens']])).toEqual([
			[5, undefined],
			[undefined, 5],
		]);
	});

	test('that is too high is not asked for under another name', () => {
		const { bodies } = negotiate(
			() => refusal('max_tokens or max_completion_tokens is too large: 5', 'max_tokens'),
			options,
		);
		expect(bodies).toHaveLength(1);
	});
});

describe('a format is asked for in the prompt after a refusal', () => {
	const responseFormat = { type: 'json_schema', name: 'answer', schema: { type: 'object' } };

	test.each<[string, number, string?]>([
		["'response_format' is not supported", 400],
		['Wrong', 400, 'response_format'],
		[
			'Invalid JSON payload received. Unknown name "additionalProperties" at \'generation_config.response_schema\'',
			400,
		],
		['Unknown name "$schema": cannot find field in json_schema', 400],
		['failed to parse grammar', 400],
		['xgrammar: the schema holds unsupported features', 400],
		['This model does not support response format `json_schema`', 400],
		["This model doesn't support JSON Schema.", 400],
		['No endpoints found that can handle the requested parameters. To learn more, visit …', 404],
		['Unable to generate parser for this template', 400],
		['Guided decoding is off', 422],
	])('that says %j with the status %i', (message, status, parameter) => {
		const { bodies, error } = negotiate(
			(body) => ('response_format' in body ? refusal(message, parameter, status) : undefined),
			{ chat: { responseFormat } },
		);
		expect(error).toBeUndefined();
		expect(bodies).toHaveLength(2);
		expect(JSON.stringify(bodies[1]?.['messages'])).toContain('JSON Schema');
	});

	test('but not for a text that the model wrote and the server rejected', () => {
		const error = new ProviderError('http', 'x', {
			status: 400,
			serviceMessage: "Failed to generate JSON. See 'failed_generation'",
			failedGeneration: '{"a":',
		});
		expect(negotiate(() => error, { chat: { responseFormat } }).bodies).toHaveLength(1);
	});

	test('and kept when that did not help', () => {
		const { bodies, traits } = negotiate(
			() => refusal('Invalid JSON payload received. Unknown name "seed"'),
			{ chat: { responseFormat } },
		);
		expect(bodies).toHaveLength(2);
		expect(traits.takes('response_format')).toBe(true);
	});
});

describe('a model that refuses the system role', () => {
	const messages: Message[] = [{ role: 'system', content: 'Be brief.' }, ...HELLO];

	test.each([
		['System role not supported', 400],
		['Template error: System role not supported', 422],
		['Error rendering prompt with jinja template: System role not supported', 500],
		["'messages[0].role' does not support 'system' with this model.", 400],
		['Developer instruction is not enabled for models/gemma-3', 400],
		['Conversation roles must alternate user/assistant/user/assistant/…', 400],
		['Only user and assistant roles are supported!', 500],
	])('in saying %j with the status %i is asked without it', (message, status) => {
		const { bodies, error } = negotiate(
			(body) =>
				JSON.stringify(body).includes('"system"') ? refusal(message, undefined, status) : undefined,
			{},
			messages,
		);
		expect(error).toBeUndefined();
		expect(bodies[1]?.['messages']).toEqual([{ role: 'user', content: 'Be brief.\n\nHello' }]);
	});

	test('is not suspected where no system message was sent', () => {
		expect(negotiate(() => refusal('System role not supported')).bodies).toHaveLength(1);
	});
});

describe('what came with a tool call', () => {
	const messages: Message[] = [
		...HELLO,
		{
			role: 'assistant',
			content: '',
			reasoning: 'Hm',
			toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
		},
		{ role: 'tool', toolCallId: 'a', content: '1' },
	];

	test.each([
		'The reasoning_content in the thinking mode must be passed back to the API.',
		'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
	])('goes back where the server says %j', (message) => {
		const { bodies, error } = negotiate(
			(body) =>
				JSON.stringify(body).includes('"reasoning_content":"Hm"') ? undefined : refusal(message),
			{},
			messages,
		);
		expect(error).toBeUndefined();
		expect(bodies).toHaveLength(2);
	});

	test('is no longer sent where the server refuses it', () => {
		const traits = new ModelTraits();
		traits.note({ trait: 'reasoning_content', isWanted: true });
		const { bodies, error } = negotiate(
			(body) =>
				JSON.stringify(body).includes('reasoning_content')
					? refusal('Extra inputs are not permitted: reasoning_content')
					: undefined,
			{},
			messages,
			traits,
		);
		expect(error).toBeUndefined();
		expect(bodies).toHaveLength(2);
	});

	test('gets a stand-in where Gemini misses its signature', () => {
		const { error } = negotiate(
			(body) =>
				JSON.stringify(body).includes('skip_thought_signature_validator')
					? undefined
					: refusal('Function call is missing a thought_signature in functionCall parts.'),
			{},
			messages,
		);
		expect(error).toBeUndefined();
	});

	test('is not asked for without end', () => {
		const { bodies } = negotiate(() => refusal('Bad reasoning_content'), {}, messages);
		expect(bodies.length).toBeLessThanOrEqual(3);
	});
});

describe('a refusal that quotes the prompt', () => {
	test('is not taken for one of a field', () => {
		const messages: Message[] = [
			{ role: 'user', content: 'How does stream work, and response_format?' },
		];
		const { bodies, traits } = negotiate(
			() => refusal(`Bad request: ${messages[0]?.content}`),
			{},
			messages,
		);
		expect(bodies).toHaveLength(1);
		expect(traits.takes('stream')).toBe(true);
	});

	test('in part costs one more request, and teaches nothing', () => {
		const messages: Message[] = [{ role: 'user', content: 'How does stream work?' }];
		const { bodies, traits } = negotiate(() => refusal('Blocked: "stream work"'), {}, messages);
		expect(bodies).toHaveLength(2);
		expect(TRAITS.every((trait) => traits.takes(trait))).toBe(true);
	});
});

test('requests in parallel that are refused for the same reason are all asked again', () => {
	const traits = new ModelTraits();
	const [first, second] = [new Negotiation(traits, []), new Negotiation(traits, [])];
	expect(first.learn(refusal('No stream_options'), SENT)).toBe(true);
	expect(second.learn(refusal('No stream_options'), SENT)).toBe(true);
});

test('what is learnt of one model does not hold for another', () => {
	const traits = new ServerTraits();
	traits.ofModel('a').note({ trait: 'stream', isWanted: false });
	expect(traits.ofModel('a').takes('stream')).toBe(false);
	expect(traits.ofModel('b').takes('stream')).toBe(true);
});
