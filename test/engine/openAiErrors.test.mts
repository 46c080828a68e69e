import { describe, expect, it } from 'vitest';

import { failureOf } from './failure.mts';
import { model, once, openAiChat } from './parameters.mts';
import { useBench } from './useBench.mts';

/** Directive; message; kind and more of errorDetails; what the description says. */
const FAULTS: Array<[string, string, object, RegExp]> = [
	[
		'refusal',
		'The model declined to answer',
		{ kind: 'refused' },
		/The service said: I'm sorry, I cannot help with that/,
	],
	['no-choices', 'The service sent an empty answer', { kind: 'protocol' }, /Check that the base/],
	['empty-choices', 'The service sent an empty answer', { kind: 'protocol' }, /The service said: /],
	[
		'error-200',
		'The service reports an error',
		{ kind: 'http', status: 200, code: 'server_error' },
		/The service said: The server is overloaded\. Code: server_error/,
	],
	['array-error', 'The service reports an error', { kind: 'http' }, /The server is overloaded/],
	[
		'error-in-stream after=3',
		'The service reports an error',
		{ kind: 'http', code: 'server_error', partialText: 'so far so' },
		/an error while processing your request/,
	],
	[
		'bad-chunk after=3',
		'The service sent broken JSON',
		{ kind: 'protocol', partialText: 'so far so' },
		/Check that the base URL/,
	],
	[
		'no-finish',
		'The answer broke off',
		{ kind: 'truncated', partialText: 'so far so good' },
		/The connection closed too early: run the node again/,
	],
	[
		'cut after=3',
		'The answer broke off',
		{ kind: 'truncated', partialText: 'so far so' },
		/run the node again/,
	],
	[
		'reset-after fragments=3',
		'The answer broke off',
		{ kind: 'truncated', partialText: 'so far so' },
		/run the node again/,
	],
	['checking', 'The service asks for a captcha', { kind: 'blocked' }, /own session cookie/],
	[
		'status code=500 body=html',
		'The service answered with status 500',
		{ kind: 'http', status: 500 },
		/The service said: 500/,
	],
	[
		'status code=400 body=azure',
		'The service answered with status 400',
		{ kind: 'http', status: 400, code: '400' },
		/The service said: The request was not understood/,
	],
	['empty', 'The answer broke off', { kind: 'truncated', partialText: null }, /run the node again/],
];

describe('When Chat with an OpenAI-compatible server fails', () => {
	const bench = useBench();

	it.each(FAULTS)('%s', async (directive, message, details, advice) => {
		const prompt = `kite [[text value="so far so good"]] [[${directive}]]`;
		const failure = await failureOf(bench(), openAiChat(prompt, { options: once }));
		expect(failure.message).toBe(message);
		expect(failure.details).toMatchObject(details);
		expect(failure.details.description).toMatch(advice);
	});

	it.each([
		['broken-json', 'The service sent broken JSON'],
		['no-choices', 'The service sent an empty answer'],
		['empty-choices', 'The service sent an empty answer'],
		['refusal', 'The model declined to answer'],
		['cut', 'The answer broke off'],
	])('in a document: %s', async (directive, message) => {
		const options = { ...once, extraBody: { stream: false } };
		const failure = await failureOf(bench(), openAiChat(`kite [[${directive}]]`, { options }));
		expect(failure.message).toBe(message);
	});

	it('names the model that does not exist, with the code of the API', async () => {
		const failure = await failureOf(bench(), openAiChat('kite', model('no-such-model')));
		expect(failure.details).toMatchObject({ kind: 'http', status: 404, code: 'model_not_found' });
		expect(failure.details.description).toContain('`no-such-model` does not exist');
		expect(failure.details.description).toContain('Choose another model');
	});

	it.each([
		['content_filter', "The service's content filter blocked the answer"],
		['length', 'The token limit was used up before the answer began'],
	])('tells why there is no text: %s', async (reason, message) => {
		const prompt = `kite [[text value=""]] [[finish reason=${reason}]]`;
		const failure = await failureOf(bench(), openAiChat(prompt));
		expect(failure).toMatchObject({ message, details: { kind: 'refused' } });
	});

	it.each([
		['{ "top_k": ', "'Extra Body' is not valid JSON"],
		['[1]', "'Extra Body' is not a JSON object"],
	])('refuses the extra body %s and asks nobody', async (extraBody, message) => {
		const failure = await failureOf(bench(), openAiChat('kite', { options: { extraBody } }));
		expect(failure).toMatchObject({ message, details: { kind: 'input', attempts: 0 } });
		expect(bench().service.requests).toEqual([]);
	});
});

describe('A server with a key of its own', () => {
	const bench = useBench({
		service: { apiKey: 'sk-right-key-0000' },
		credential: { apiKey: 'sk-wrong-key-1234' },
	});

	it('says what is wrong with it, without telling it', async () => {
		const failure = await failureOf(bench(), openAiChat('kite'));
		expect(failure.message).toBe('The service answered with status 401');
		expect(failure.details).toMatchObject({ kind: 'http', status: 401, code: 'invalid_api_key' });
		expect(failure.details.description).toMatch(
			/Check the API key, the session cookie.*Incorrect API key provided/,
		);
		expect(failure.written).not.toContain('sk-wrong-key-1234');
	});
});
