import { Server } from 'proxy-chain';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { encrypted } from './encrypted.mts';
import { failureOf } from './failure.mts';
import { chat, image, once } from './parameters.mts';
import { providers } from './providers.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const USER = 'kite';
const PASSWORD = 'p@ss:wörd/22';

/** A proxy that asks for a password and remembers where it led. */
async function startProxy() {
	const targets: string[] = [];
	const server = new Server({
		port: 0,
		host: '127.0.0.1',
		prepareRequestFunction: ({ username, password, hostname, port }) => {
			targets.push(`http://${hostname}:${port}`);
			return { requestAuthentication: username !== USER || password !== PASSWORD };
		},
	});
	await server.listen();
	return { server, targets };
}

describe('A proxy with a password', async () => {
	const { server, targets } = await startProxy();
	const user = `${USER}:${encodeURIComponent(PASSWORD)}`;
	const bench = useBench({ credential: { proxyUrl: `http://${user}@127.0.0.1:${server.port}` } });
	beforeEach(() => void targets.splice(0));
	afterAll(async () => await server.close(true));

	it.each(providers)('leads to %s', async (_, ask) => {
		const run = await bench().run(ask('a red kite'));
		expect(run.items(NODE)[0]?.json['text']).toContain('a red kite');
		expect(targets).toEqual([bench().service.url]);
	});

	it('leads to images, also at another origin', async () => {
		const run = await bench().run(image('a red kite'));
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		expect(targets).toEqual([bench().service.url, bench().service.imagesUrl]);
	});

	it('is told nothing of itself to the service', async () => {
		await bench().run(chat('a red kite'));
		expect(JSON.stringify(bench().service.requests[0]?.headers)).not.toContain('proxy-auth');
	});
});

describe('A proxy with another password', async () => {
	const { server } = await startProxy();
	const wrong = 'hunter22-secret';
	const bench = useBench({
		credential: { proxyUrl: `http://${USER}:${wrong}@127.0.0.1:${server.port}` },
	});
	afterAll(async () => await server.close(true));

	it.each(providers)('is a clear error that does not tell it: %s', async (_, ...asks) => {
		for (const ask of asks) {
			const failure = await failureOf(bench(), ask('a red kite', { options: once }));
			expect(failure.message).toContain('407');
			expect(failure.details).toMatchObject({ kind: 'http', status: 407 });
			expect(failure.details.description).toContain('user name and password in the proxy URL');
			expect(failure.written).not.toContain(wrong);
			expect(failure.written).not.toContain(Buffer.from(`${USER}:${wrong}`).toString('base64'));
		}
		expect(bench().service.requests).toEqual([]);
	});
});

describe('A proxy that is not there', async () => {
	const { server } = await startProxy();
	const { port } = server;
	await server.close(true);
	const bench = useBench({ credential: { proxyUrl: `http://${USER}:hunter22@127.0.0.1:${port}` } });

	it('is a clear error that does not tell its password', async () => {
		const failure = await failureOf(bench(), chat('a red kite', { options: once }));
		expect(failure.details).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
		expect(failure.details.description).toContain('proxy in the credential');
		expect(failure.written).not.toContain('hunter22');
	});
});

describe('A proxy in front of an encrypted service', async () => {
	const service = await encrypted();
	const { server, targets } = await startProxy();
	const proxy = (password: string) =>
		`http://${USER}:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
	const credential = { allowUnauthorizedCerts: true, proxyUrl: proxy(PASSWORD) };
	const bench = useBench({ service, credential });
	const stranger = useBench({
		service,
		credential: { ...credential, proxyUrl: proxy('hunter22') },
	});
	beforeEach(() => void targets.splice(0));
	afterAll(async () => await server.close(true));

	it.each(providers)('leads to %s and to images', async (_, ask, draw) => {
		const answer = await bench().run(ask('a red kite'));
		expect(answer.items(NODE)[0]?.json['text']).toContain('a red kite');
		const run = await bench().run(draw('a red kite [[url kind=relative]]'));
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
		expect(targets[0]).toBe(bench().service.url.replace('https', 'http'));
	});

	it.each(providers)('a wrong password is a clear error: %s', async (_, ask) => {
		const failure = await failureOf(stranger(), ask('a red kite', { options: once }));
		expect(failure.message).toContain('407');
		expect(failure.details.description).toContain('user name and password in the proxy URL');
		expect(failure.written).not.toContain('hunter22');
		expect(stranger().service.requests).toEqual([]);
	});
});
