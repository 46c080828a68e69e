import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { chat, image, model, openAiChat, openAiImage } from './parameters.mts';
import { toImages } from './sent.mts';
import { type Bench, NODE } from './support.mts';
import { useBench } from './useBench.mts';

const COOKIE = 'session=very-secret-cookie; theme=dark';
const KEY = 'sk-very-secret-key';
const CREDENTIAL = {
	sessionCookieSecret: COOKIE,
	apiKey: KEY,
	organization: 'org-secret-1',
	project: 'proj-secret-2',
	headers: {
		values: [
			{ name: 'X-Team', value: 'kites-secret' },
			{ name: ' x-floor ', value: ' 3rd-secret ' },
			{ name: '', value: 'nothing-secret' },
		],
	},
};
const HEADERS = { 'x-team': 'kites-secret', 'x-floor': '3rd-secret' };

/** Nothing of the credential reached the images' origin, which is somebody else's. */
function expectNoSecretElsewhere(bench: Bench, requests: number): void {
	const elsewhere = toImages(bench);
	expect(elsewhere).toHaveLength(requests);
	for (const { headers, path } of elsewhere) {
		expect(`${path} ${JSON.stringify(headers)}`).not.toMatch(/secret|cookie|authorization|x-team/);
	}
}

describe('Who the user is', () => {
	const bench = useBench({
		service: { cookie: COOKIE, apiKey: KEY },
		credential: CREDENTIAL,
	});

	it('an Ai-Chats service is told by cookie and headers', async () => {
		const run = await bench().run(chat('a red kite'));
		expect(run.status).toBe('success');
		const { headers } = bench().service.requests[0]!;
		expect(headers).toMatchObject({ cookie: COOKIE, ...HEADERS });
		expect(headers).not.toHaveProperty('authorization');
	});

	it('an OpenAI-compatible server is told by key, organisation, project and headers', async () => {
		const run = await bench().run(openAiChat('a red kite'));
		expect(run.status).toBe('success');
		const { headers } = bench().service.requests[0]!;
		expect(headers).toMatchObject({
			authorization: `Bearer ${KEY}`,
			'openai-organization': 'org-secret-1',
			'openai-project': 'proj-secret-2',
			...HEADERS,
		});
		expect(headers).not.toHaveProperty('cookie');
	});

	it.each([
		['Ai-Chats', image('a red kite')],
		['an OpenAI-compatible server', openAiImage('a red kite', model('dall-e-3'))],
	])('nobody is told but the service: images of %s', async (_, parameters) => {
		const run = await bench().run(parameters);
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		expectNoSecretElsewhere(bench(), 1);
	});

	it("an image at the service's own origin is asked for with the credential", async () => {
		await bench().run(image('a red kite [[url kind=relative]]'));
		const [, get] = bench().service.requests;
		expect(get).toMatchObject({ method: 'GET', origin: 'service', headers: { cookie: COOKIE } });
	});

	it.each([302, 307, 308])('an image that redirects with %i to another origin', async (code) => {
		const prompt = `a red kite [[url kind=relative]] [[image-redirect to=images code=${code}]]`;
		const run = await bench().run(image(prompt));
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		expectNoSecretElsewhere(bench(), 1);
	});

	it('a host in an answer that redirects to the service does so without the credential', async () => {
		await bench().run(image('a red kite [[image-redirect to=service]]'));
		expectNoSecretElsewhere(bench(), 1);
		const last = bench().service.requests.at(-1);
		expect(last).toMatchObject({ method: 'GET', origin: 'service' });
		expect(JSON.stringify(last?.headers)).not.toMatch(/secret|cookie/);
	});

	it.each([chat, openAiChat])('a question that is redirected within the service', async (ask) => {
		const run = await bench().run(ask('a red kite [[redirect to=same]]'));
		expect(run.status).toBe('success');
		const [first, second] = bench().service.requests;
		expect(second).toMatchObject({ method: 'POST', origin: 'service', body: first?.body });
		expect(second?.headers).toMatchObject(HEADERS);
	});

	it.each([
		[307, chat],
		[308, chat],
		[307, openAiChat],
		[308, openAiChat],
		[302, chat],
		[301, openAiChat],
	])('a question that is redirected with %i to another origin stays here', async (code, ask) => {
		const failure = await failureOf(bench(), ask(`kite [[redirect to=images code=${code}]]`));
		expect(failure.message).toBe('The service redirects to another server');
		const { url, imagesUrl } = bench().service;
		expect(failure.details.description).toContain(url);
		expect(failure.details.description).toContain(`redirects to ${imagesUrl}`);
		expect(toImages(bench())).toEqual([]);
	});

	it('errors do not repeat what the service says of it', async () => {
		const link = JSON.stringify(`ftp://x/${KEY}/very-secret-cookie`);
		for (const ask of [image, openAiImage]) {
			const parameters = ask(`kite [[link value=${link}]]`, {
				...(ask === openAiImage ? model('dall-e-3') : {}),
			});
			const { details } = await failureOf(bench(), parameters);
			expect(details.description).toContain('*****');
			expect(details.description).not.toContain(ask === image ? 'very-secret-cookie' : KEY);
		}
	});
});

describe.each([
	['a header value with a line break', { values: [{ name: 'x-a', value: 'secret\r\nx-b: 1' }] }],
	['a header value with a NUL', { values: [{ name: 'x-a', value: 'secret\u0000' }] }],
	['a header name with a colon', { values: [{ name: 'x-a: secret', value: '1' }] }],
])('A credential with %s', (_, headers) => {
	const bench = useBench({ credential: { headers } });

	it.each([chat, openAiChat])('is refused, and nobody is asked', async (ask) => {
		const failure = await failureOf(bench(), ask('a red kite'));
		expect(failure.message).toMatch(/header/);
		expect(failure.details.kind).toBe('refused');
		expect(failure.message).not.toContain('secret');
		expect(failure.details.description).not.toContain('secret');
		expect(bench().service.requests).toEqual([]);
	});
});

describe.each(['socks5://user:hunter22@proxy:1', 'user:hunter22@proxy', 'proxy hunter22'])(
	'A credential with the proxy URL %s',
	(proxyUrl) => {
		const bench = useBench({ credential: { proxyUrl } });

		it.each([chat, openAiChat])('is refused without quoting it', async (ask) => {
			const failure = await failureOf(bench(), ask('a red kite'));
			expect(failure.message).toBe('The proxy URL must begin with http:// or https://');
			expect(failure.details.kind).toBe('refused');
			expect(JSON.stringify(failure)).not.toContain('hunter22');
			expect(bench().service.requests).toEqual([]);
		});
	},
);
