import { describe, expect, test } from 'vitest';

import { ok, open, POST } from './opened.mts';

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
				headers: { accept: 'text/event-stream' },
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

	test('goes through the credential’s proxy, with its rule for certificates', async () => {
		const credential = { proxyUrl: 'http://u:p@proxy.example:8080', allowUnauthorizedCerts: true };
		const { calls, transport } = open(() => ok(), { credential });
		await transport.send({ ...POST, authenticated: false });
		expect(calls[0]?.options).toMatchObject({
			proxy: {
				protocol: 'http:',
				host: 'proxy.example',
				port: 8080,
				auth: { username: 'u', password: 'p' },
			},
			skipSslCertificateValidation: true,
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
