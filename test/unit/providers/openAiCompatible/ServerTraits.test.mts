import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../providers/errors.ts';
import { chatBody } from '../../../../providers/openAiCompatible/chatBody.ts';
import { ServerTraits, type Trait } from '../../../../providers/openAiCompatible/ServerTraits.ts';

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
