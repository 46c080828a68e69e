import { inspect } from 'node:util';
import { text } from 'node:stream/consumers';

import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { EngineRun } from '../../dev/engine/index.mts';
import { type Bench, NODE, openBench } from '../engine/support.mts';
import { itemsOf } from './bench.mts';
import { startForwardingProxy } from './forwardingProxy.mts';
import { captureOutput } from './outputCapture.mts';
import { type PlainServer, startPlainServer } from './plainServer.mts';
import { ERROR_IN_STREAM, reflect, reflections } from './reflections.mts';
import { credentialAt, secretsIn } from './secrets.mts';

const NAMES = {
	aiChats: Object.keys(reflections).filter((name) => name !== ERROR_IN_STREAM),
	openAiCompatible: Object.keys(reflections),
};
/** What the service was sent, and what every other origin was. */
const received: string[] = [];
const foreignReceived: string[] = [];
let service: PlainServer;
let foreign: PlainServer;
let proxy: Awaited<ReturnType<typeof startForwardingProxy>>;
let bench: Bench;

beforeAll(async () => {
	foreign = await startPlainServer((request, response) => {
		foreignReceived.push(JSON.stringify([request.url, request.rawHeaders]));
		response.writeHead(404).end(JSON.stringify(request.headers));
	});
	service = await startPlainServer((request, response) => {
		received.push(JSON.stringify(request.rawHeaders));
		void text(request).then((body) => reflect(request, response, body, foreign.url));
	});
	proxy = await startForwardingProxy();
	bench = await openBench({ credential: credentialAt(service.url, proxy.url) });
});
beforeEach(() => {
	for (const list of [received, foreignReceived, proxy.authorizations]) list.length = 0;
});
afterAll(async () => {
	await bench.close();
	for (const server of [proxy, service, foreign]) await server.close();
});

/** All that a run leaves, in every way it may be written down. */
function written(run: EngineRun): string {
	const errors = [0, 1].flatMap((output) => run.items(NODE, output)).map(({ error }) => error);
	const failures = [run.error, ...errors].filter((error) => error !== undefined);
	return [
		JSON.stringify(run.run),
		JSON.stringify(run.hints(NODE)),
		inspect(run.run, {
			depth: 30,
			showHidden: true,
			maxStringLength: Infinity,
			maxArrayLength: Infinity,
		}),
		...failures.map(
			(error) => inspect(error, { depth: 30, showHidden: true }) + String(error.stack),
		),
	].join('\n');
}

const CASES = (['aiChats', 'openAiCompatible'] as const).flatMap((provider) =>
	['chat', 'image'].flatMap((operation) =>
		(['continueRegularOutput', 'continueErrorOutput', undefined] as const).map((onError) => ({
			provider,
			operation,
			onError,
		})),
	),
);

describe.each(CASES)(
	'$provider $operation, on error: $onError',
	({ provider, operation, onError }) => {
		it('gives no secret away, whatever the service says back', async () => {
			const parameters: INodeParameters = {
				...{ provider, operation, prompt: '={{ $json.prompt }}', simplify: false },
				...(provider === 'openAiCompatible'
					? { model: { __rl: true, mode: 'id', value: 'm' } }
					: {}),
				options: { maxRetryDelay: 0.01, maxRetries: 1 },
			};
			const prompts = ['a kite', ...NAMES[provider]];
			// One item each, as after some failures the other items of a run are not sent. Then all in one run.
			const batches = [...prompts.map((prompt) => [prompt]), prompts];
			const chunks: unknown[] = [];
			const { result: runs, output } = await captureOutput(async () => {
				const finished: EngineRun[] = [];
				for (const batch of batches) {
					const options = { onError, onChunk: (chunk: unknown) => void chunks.push(chunk) };
					finished.push(await bench.run(parameters, itemsOf(batch), options));
				}
				return finished;
			});

			// The secrets were in play: the service got them, and the proxy its own.
			expect(secretsIn(received.join('\n')).length).toBeGreaterThanOrEqual(3);
			expect(new Set(proxy.authorizations.map((header) => secretsIn(header).join()))).toEqual(
				new Set(['proxyPassword']),
			);
			expect(secretsIn(runs.map(written).join('\n'))).toEqual([]);
			expect(secretsIn(JSON.stringify(chunks))).toEqual([]);
			expect(secretsIn(output)).toEqual([]);
			expect(foreignReceived.length).toBeGreaterThan(0);
			expect(foreignReceived.flatMap(secretsIn)).toEqual([]);
		});
	},
);
