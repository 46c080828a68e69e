import { describe, expect, it } from 'vitest';

import { failureOf, stoppingErrorOf } from './failure.mts';
import { chat, model, once } from './parameters.mts';
import { useBench } from './useBench.mts';

const OWN_COOKIE =
	/Solve the captcha in your browser and paste your own session cookie into the credential/;

/** Directive; message; kind and more of errorDetails; what the description says to do. */
const FAULTS: Array<[string, string, object, RegExp]> = [
	['captcha', 'The service asks for a captcha', { kind: 'blocked', status: 200 }, OWN_COOKIE],
	['checking', 'The service asks for a captcha', { kind: 'blocked', status: 200 }, OWN_COOKIE],
	[
		'trylimit after=0',
		'The free limit is used up',
		{ kind: 'quota', partialText: null },
		/Wait until the limit is renewed, or use your own session or account/,
	],
	[
		'status code=403 body=html',
		'The service answered with status 403',
		{ kind: 'http', status: 403 },
		/Check that the API key or session cookie may do this.*Status: 403/,
	],
	[
		'status code=429',
		'The service answered with status 429',
		{ kind: 'http', status: 429 },
		/too many requests: wait a while, or send fewer.*said: Too many requests/,
	],
	[
		'status code=404 body=text',
		'The service answered with status 404',
		{ kind: 'http', status: 404 },
		/nothing at this address: check the base URL in the credential/,
	],
	[
		'status code=503 body=html',
		'The service answered with status 503',
		{ kind: 'http', status: 503 },
		/Try again later.*The service said: 503/,
	],
	[
		'empty',
		'The service sent an empty answer',
		{ kind: 'protocol' },
		/Check that the base URL in the credential belongs to this kind of service/,
	],
	['empty-stream', 'The service sent an empty answer', { kind: 'protocol' }, /Check that/],
	[
		'error-200',
		'The service sent no event stream',
		{ kind: 'protocol', code: 'server_error' },
		/The service said: The server is overloaded\. Code: server_error/,
	],
	[
		'reset',
		'The service could not be reached',
		{ kind: 'network', code: 'ECONNRESET' },
		/Check the base URL and the proxy in the credential, and that the service is running/,
	],
	[
		'reset-after fragments=3',
		'The answer broke off',
		{ kind: 'truncated', partialText: 'so far so' },
		/The connection closed too early: run the node again/,
	],
	[
		'cut after=3',
		'The answer broke off',
		{ kind: 'truncated', partialText: 'so far so' },
		/run the node again/,
	],
	[
		'redirect to=loop',
		'The service redirects more than 5 times',
		{ kind: 'protocol' },
		/Check that the base URL/,
	],
	[
		'redirect to=file',
		'The service sent a link that is not http(s)',
		{ kind: 'refused' },
		/The link: file:/,
	],
];

describe('When Chat with Ai-Chats fails', () => {
	const bench = useBench();

	it.each(FAULTS)('%s', async (directive, message, details, advice) => {
		const prompt = `kite [[text value="so far so good"]] [[${directive}]]`;
		const failure = await failureOf(bench(), chat(prompt, { options: once }));
		expect(failure.message).toBe(message);
		expect(failure.details).toMatchObject(details);
		expect(failure.details.description).toMatch(advice);
		expect(failure.details.attempts).toBeGreaterThan(0);
	});

	it.each([
		['firstByteTimeout', 'stall', 'No answer began within 1 second', null],
		['idleTimeout', 'stall-after fragments=2', 'The answer paused longer than 1 second', 'so far'],
		['timeout', 'pace ms=400', 'The request took longer than 1 second', expect.anything()],
	])('%s ends an answer with %s', async (limit, directive, message, partialText) => {
		const prompt = `kite [[text value="so far so good as can be"]] [[${directive}]]`;
		const options = { ...once, [limit]: 1 };
		const failure = await failureOf(bench(), chat(prompt, { options }));
		expect(failure).toMatchObject({ message, details: { kind: 'timeout', partialText } });
		expect(failure.details.description).toContain('try again later');
	});

	it('an answer without end is ended by the largest size', async () => {
		const options = { maxAnswerSize: 1 };
		const failure = await failureOf(bench(), chat('kite [[endless]]', { options }));
		expect(failure.message).toBe('The answer is larger than 1 MB');
		expect(failure.details.kind).toBe('refused');
	});

	it('names the models there are when one does not exist, and asks nobody', async () => {
		const failure = await failureOf(bench(), chat('kite', model('gpt-9')));
		expect(failure.message).toBe("There is no model 'gpt-9'");
		expect(failure.details).toMatchObject({ kind: 'refused', attempts: 0 });
		expect(failure.details.description).toContain('Models: gpt-4, dalle.');
		expect(bench().service.requests).toEqual([]);
	});

	it.each([
		['empty', '={{ "" }}'],
		['only white space', ' \n'],
		['undefined', '={{ $json.missing }}'],
		['null', '={{ null }}'],
	])('refuses a prompt that is %s', async (_, prompt) => {
		const error = await stoppingErrorOf(bench(), chat(prompt));
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: "'Prompt' is empty",
			description: expect.stringContaining('check that its expression'),
			context: { itemIndex: 0 },
		});
	});

	it('tries again where that is harmless, and counts it', async () => {
		const options = { maxRetries: 2, maxRetryDelay: 0 };
		const failure = await failureOf(bench(), chat('kite [[status code=503]]', { options }));
		expect(failure.details.attempts).toBe(3);
		expect(bench().service.requests).toHaveLength(3);
	});

	it('does not ask twice once text has arrived', async () => {
		const failure = await failureOf(bench(), chat('kite [[reset-after fragments=2]]'));
		expect(failure.details).toMatchObject({ kind: 'truncated', attempts: 1 });
		expect(bench().service.requests).toHaveLength(1);
	});
});
