import { describe, expect, test } from 'vitest';

import { ProviderError } from '../errors.ts';
import { Negotiation } from './negotiation.ts';
import { ModelTraits } from './serverTraits.ts';

const SENT = { stream: true, stream_options: {}, max_tokens: 5, messages: [] };
const NO_LIMIT = refusal("Unsupported parameter: 'max_tokens'", 'max_tokens');

function refusal(serviceMessage: string, parameter = '', status = 400) {
	return new ProviderError('http', 'x', { status, serviceMessage, parameter });
}

function learnt(error: ProviderError) {
	const traits = new ModelTraits();
	const negotiation = new Negotiation(traits, []);
	expect(negotiation.learn(error, SENT)).toBe(true);
	return { traits, negotiation };
}

describe('what a refusal taught', () => {
	test.each([
		['a broken connection', new ProviderError('network', 'reset')],
		['a timeout', new ProviderError('timeout', 'x')],
		['a limit of requests', refusal('Slow down', '', 429)],
		['a wrong key', refusal('Who are you?', '', 401)],
		['a fault of the server', refusal('Oops', '', 500)],
	])('is kept after %s', (_, failure) => {
		const { traits, negotiation } = learnt(NO_LIMIT);
		expect(negotiation.learn(failure, {})).toBe(false);
		expect(traits.takes('max_tokens')).toBe(false);
	});

	test.each([
		['the same refusal', NO_LIMIT],
		['another refusal', refusal('Bad request')],
	])('is forgotten after %s', (_, failure) => {
		const { traits, negotiation } = learnt(NO_LIMIT);
		expect(negotiation.learn(failure, {})).toBe(false);
		expect(traits.takes('max_tokens')).toBe(true);
	});

	test('by a fault of the server is forgotten after the same one', () => {
		const fault = refusal('System role not supported', '', 500);
		const sent = { messages: [{ role: 'system', content: 'x' }] };
		const traits = new ModelTraits();
		const negotiation = new Negotiation(traits, []);
		expect([negotiation.learn(fault, sent), negotiation.learn(fault, {})]).toEqual([true, false]);
		expect(traits.takes('system')).toBe(true);
	});

	test('and nothing has proven is forgotten after the refusal of a later request', () => {
		const { traits, negotiation } = learnt(NO_LIMIT);
		negotiation.learn(new ProviderError('network', 'reset'), {});
		new Negotiation(traits, []).learn(refusal('Bad request'), {});
		expect(traits.takes('max_tokens')).toBe(true);
	});

	test('and another request has proven stays, whatever is refused later', () => {
		const { traits, negotiation } = learnt(NO_LIMIT);
		const parallel = new Negotiation(traits, []);
		parallel.learn(NO_LIMIT, SENT);
		negotiation.succeed();
		parallel.learn(refusal('Bad request'), {});
		new Negotiation(traits, []).learn(refusal('Bad request'), {});
		expect(traits.takes('max_tokens')).toBe(false);
	});

	test('is not forgotten after the refusal of a request that was sent before', () => {
		const traits = new ModelTraits();
		const [first, second] = [new Negotiation(traits, []), new Negotiation(traits, [])];
		first.learn(NO_LIMIT, SENT);
		second.learn(refusal('Bad request'), SENT);
		expect(traits.takes('max_tokens')).toBe(false);
	});
});

describe('the words of a refusal teach nothing where they quote the prompt', () => {
	const long = `Explain: please use the Responses API. ${'More of it. '.repeat(50)}Why is stream_options there?`;
	test.each([
		['in its middle', "I cannot read 'please use the Responses API' today", long],
		['cut at its end', `Rejected: ${long.slice(0, 280)}`, long],
		['cut within a word', 'Rejected: More of it. Why is stream', 'More of it. Why is streaming?'],
		['cut at its beginning', 'Rejected: …use the Responses API. More of it', long],
		['with escapes', 'Rejected: \\"please use\\n the Responses API\\"', long],
		['in capitals', 'REJECTED: MORE OF IT. WHY IS STREAM_OPTIONS THERE?', long],
		['that is short', 'Rejected: "Responses API"', 'Responses API'],
		['in another script', 'Отклонено: как работает stream сегодня', 'Скажи, как работает stream?'],
	])('%s', (_, words, prompt) => {
		const negotiation = new Negotiation(new ModelTraits(), ['Hello', prompt]);
		expect(negotiation.learn(refusal(words), SENT)).toBe(false);
	});
});

test.each([
	['a word', 'stream'],
	['a few words', 'Tell me whether stream is not supported'],
])('a refusal that shares %s with the prompt still teaches', (_, prompt) => {
	const traits = new ModelTraits();
	const error = refusal('stream is not available here');
	expect(new Negotiation(traits, [prompt]).learn(error, SENT)).toBe(true);
	expect(traits.takes('stream')).toBe(false);
});

test('the field that a refusal names counts more than its words', () => {
	const words = "Unsupported parameter: 'max_tokens'. See also the Responses API.";
	const { traits } = learnt(refusal(words, 'max_tokens'));
	expect([traits.takes('max_tokens'), traits.wants('responses')]).toEqual([false, false]);
});
