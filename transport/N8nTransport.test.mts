import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import type { TransportRequest } from '../providers/Transport.ts';
import { providerErrorOf } from '../test/support/failure.mts';
import { bytesOf } from '../test/support/splits.mts';
import { collect, streamOf } from '../test/support/streams.mts';
import { strict } from '../test/support/strictContext.mts';
import { N8nTransport } from './N8nTransport.ts';

export const POST: TransportRequest = {
	method: 'POST',
	url: 'https://ai-chats.org/chat/send2/',
	headers: { accept: 'text/event-stream' },
	body: '{}',
	authenticated: true,
};

interface Call {
	helper: string;
	credentialType?: string;
	thisContext?: unknown;
	options: IHttpRequestOptions;
}

/** A body as n8n gives it back: a stream that can be destroyed. */
export function bodyOf(...parts: Array<Uint8Array | Error>) {
	const state = { destroyed: false };
	const body = Object.assign(streamOf<Uint8Array>(...parts), {
		destroy: () => {
			state.destroyed = true;
		},
	});
	return { state, body };
}

export function open(
	answer: (options: IHttpRequestOptions) => unknown,
	{ credential = {} }: { credential?: object } = {},
) {
	const calls: Call[] = [];
	const helpers = strict<IExecuteFunctions['helpers']>('helpers', {
		httpRequest: async (options: IHttpRequestOptions) => {
			calls.push({ helper: 'httpRequest', options });
			return answer(options);
		},
		async httpRequestWithAuthentication(
			this: unknown,
			credentialType: string,
			options: IHttpRequestOptions,
		) {
			const helper = 'httpRequestWithAuthentication';
			calls.push({ helper, credentialType, thisContext: this, options });
			return answer(options);
		},
	});
	const context = strict<IExecuteFunctions>('context', { helpers });
	return { calls, context, transport: new N8nTransport(context, 'aiChatsApi', { ...credential }) };
}

export function ok(...parts: Array<Uint8Array | Error>) {
	return { statusCode: 200, headers: {}, body: bodyOf(...parts).body };
}

describe('the answer', () => {
	test.each([200, 302, 404, 500])('of status %i is an answer', async (statusCode) => {
		const { transport } = open(() => ({ ...ok(), statusCode }));
		expect((await transport.send(POST)).status).toBe(statusCode);
	});

	test('has lower-case names, repeated headers joined', async () => {
		const headers = {
			'Content-Type': 'text/html',
			'set-cookie': ['a=1', 'b=2'],
			'x-none': undefined,
		};
		const { transport } = open(() => ({ ...ok(), headers }));
		expect((await transport.send(POST)).headers).toEqual({
			'content-type': 'text/html',
			'set-cookie': 'a=1, b=2',
			'x-none': '',
		});
	});

	test('without headers has none', async () => {
		const { transport } = open(() => ({ ...ok(), headers: undefined }));
		expect((await transport.send(POST)).headers).toEqual({});
	});

	test('is read as it comes', async () => {
		const { transport } = open(() => ok(bytesOf('ab'), bytesOf('cd')));
		const { body } = await transport.send(POST);
		expect(await collect(body)).toEqual([bytesOf('ab'), bytesOf('cd')]);
	});

	test('is destroyed by close()', async () => {
		const { state, body } = bodyOf(bytesOf('ab'));
		const { transport } = open(() => ({ statusCode: 200, headers: {}, body }));
		const response = await transport.send(POST);
		expect(state.destroyed).toBe(false);
		response.close();
		expect(state.destroyed).toBe(true);
	});

	test('that is left early ends its stream', async () => {
		const body = bodyOf(bytesOf('ab'), bytesOf('cd')).body;
		const { transport } = open(() => ({ statusCode: 200, headers: {}, body }));
		const response = await transport.send(POST);
		for await (const chunk of response.body) {
			expect(chunk).toEqual(bytesOf('ab'));
			break;
		}
		expect(await body.next()).toEqual({ done: true, value: undefined });
	});
});

describe('failures', () => {
	const reset = Object.assign(new Error('hunter22'), { code: 'ECONNRESET', config: { a: 1 } });

	test('of the request are network errors without their causes', async () => {
		const { transport } = open(() => {
			throw reset;
		});
		const error = await providerErrorOf(() => transport.send(POST));
		expect(error).toMatchObject({
			kind: 'network',
			retryable: true,
			details: { code: 'ECONNRESET' },
		});
		expect(error.cause).toBeUndefined();
	});

	test('of the body are network errors', async () => {
		const { transport } = open(() => ok(bytesOf('a'), reset));
		const { body } = await transport.send(POST);
		expect((await providerErrorOf(() => collect(body))).kind).toBe('network');
	});

	test('of the credential are told before anything is sent', async () => {
		const credential = { proxyUrl: 'socks5://proxy.example' };
		const error = await providerErrorOf(() => open(() => ok(), { credential }));
		expect(error.kind).toBe('refused');
	});
});

describe('the request', () => {
	test('with the user’s credentials goes through n8n’s helper for it', async () => {
		const { calls, context, transport } = open(() => ok());
		await transport.send(POST);
		expect(calls).toHaveLength(1);
		expect(calls[0]).toMatchObject({
			helper: 'httpRequestWithAuthentication',
			credentialType: 'aiChatsApi',
		});
		expect(calls[0]?.thisContext).toBe(context);
	});

	test('without them goes through the plain helper', async () => {
		const { calls, transport } = open(() => ok());
		await transport.send({ ...POST, authenticated: false });
		expect(calls.map(({ helper }) => helper)).toEqual(['httpRequest']);
	});

	test.each([true, false])(
		'(authenticated: %s) has exactly these options',
		async (authenticated) => {
			const { calls, transport } = open(() => ok());
			await transport.send({ ...POST, authenticated });
			expect(calls[0]?.options).toEqual({
				method: 'POST',
				url: 'https://ai-chats.org/chat/send2/',
				headers: { accept: 'text/event-stream', 'accept-encoding': 'identity' },
				body: '{}',
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				sendCredentialsOnCrossOriginRedirect: false,
				skipSslCertificateValidation: false,
				timeout: 0,
				abortSignal: expect.any(AbortSignal),
			});
		},
	);

	test('trusts certificates that cannot be verified only at the service itself', async () => {
		const { calls, transport } = open(() => ok(), { credential: { allowUnauthorizedCerts: true } });
		await transport.send({ ...POST, authenticated: true });
		await transport.send({ ...POST, authenticated: false });
		expect(calls.map(({ options }) => options.skipSslCertificateValidation)).toEqual([true, false]);
	});

	test.each([true, false])('goes through the credential’s proxy (%s)', async (authenticated) => {
		const credential = { proxyUrl: 'http://u:p@proxy.example:8080' };
		const { calls, transport } = open(() => ok(), { credential });
		await transport.send({ ...POST, authenticated });
		expect(calls[0]?.options).toMatchObject({
			proxy: {
				protocol: 'http:',
				host: 'proxy.example',
				port: 8080,
				auth: { username: 'u', password: 'p' },
			},
		});
	});

	test('without a body has none', async () => {
		const { calls, transport } = open(() => ok());
		const request = { ...POST };
		delete request.body;
		await transport.send(request);
		expect('body' in calls[0]!.options).toBe(false);
	});

	test('carries no secret of the credential itself', async () => {
		const credential = {
			sessionCookieSecret: 'session=hunter22',
			headers: { values: [{ name: 'x-key', value: 'hunter22' }] },
		};
		const { calls, transport } = open(() => ok(), { credential });
		await transport.send({ ...POST, authenticated: false });
		expect(JSON.stringify(calls[0]?.options)).not.toContain('hunter22');
	});
});

describe('stopping', () => {
	test('n8n’s own signal cannot replace ours', async () => {
		const controller = new AbortController();
		const other = new AbortController().signal;
		const { calls, transport } = open((options) => {
			options.abortSignal = other;
			return ok();
		});
		await transport.send({ ...POST, signal: controller.signal });
		// n8n copies the options: the signal must be an own, enumerable property.
		const { abortSignal } = { ...calls[0]!.options } as unknown as { abortSignal: AbortSignal };
		expect(abortSignal).not.toBe(other);
		expect(abortSignal.aborted).toBe(false);
		controller.abort();
		expect(abortSignal.aborted).toBe(true);
	});

	test('what is stopped already is not sent', async () => {
		const { calls, transport } = open(() => ok());
		const error = await providerErrorOf(() =>
			transport.send({ ...POST, signal: AbortSignal.abort() }),
		);
		expect(error.kind).toBe('aborted');
		expect(calls).toEqual([]);
	});

	test('a time limit’s own error comes out, of the request and of the body', async () => {
		const limit = new ProviderError('timeout', 'Too slow');
		for (const breakIn of ['request', 'body']) {
			const controller = new AbortController();
			const failure = Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
			const { transport } = open(() => {
				if (breakIn === 'request') {
					controller.abort(limit);
					throw failure;
				}
				return ok(bytesOf('a'), failure);
			});
			const error = await providerErrorOf(async () => {
				const { body } = await transport.send({ ...POST, signal: controller.signal });
				for await (const chunk of body) {
					expect(chunk).toEqual(bytesOf('a'));
					controller.abort(limit);
				}
			});
			expect(error, breakIn).toBe(limit);
		}
	});
});

describe('the length of an answer', () => {
	const answered = (length: string | undefined, ...parts: string[]) => ({
		statusCode: 200,
		headers: length === undefined ? {} : { 'content-length': length },
		body: bodyOf(...parts.map(bytesOf)).body,
	});

	test.each([undefined, '5', 'many'])('%s fits', async (length) => {
		const { transport } = open(() => answered(length, 'He', 'llo'));
		const { body } = await transport.send(POST);
		expect(Buffer.concat(await collect(body)).toString()).toBe('Hello');
	});

	// n8n has decompressed it, and would have done so with half of it.
	test('another than its head says was compressed: nothing shows whether it is complete', async () => {
		const { transport } = open(() => answered('3', 'He', 'llo'));
		const { body } = await transport.send(POST);
		const error = await providerErrorOf(() => collect(body));
		expect(error).toMatchObject({ kind: 'truncated', message: 'The answer may be incomplete' });
		expect(error.details.explanation).toContain('compressed');
	});
});

describe('a failure', () => {
	const lost = () => {
		throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
	};

	test('names the address that was asked, without its query', async () => {
		const { transport } = open(lost);
		const request = { ...POST, url: 'https://ai-chats.org/v1/chat?key=s3cret' };
		const error = await providerErrorOf(() => transport.send(request));
		expect(error.details.address).toBe('https://ai-chats.org/v1/chat');
		expect(error).toMatchObject({ isForEveryItem: true, details: { reason: 'unknownHost' } });
	});

	test('of a host in an answer is not the credential’s', async () => {
		const { transport } = open(lost);
		const error = await providerErrorOf(() => transport.send({ ...POST, authenticated: false }));
		expect(error.isForEveryItem).toBe(false);
		expect(error.details.explanation).not.toContain('credential');
	});
});
