import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { expect, it, onTestFinished } from 'vitest';

import { recipeAt } from '../lab/places.mts';
import { startRelay } from '../lab/relay.mts';
import { agent } from '../workflows/rivals.mts';

const ROUND_TRIP = 20;

it('the relay passes on every byte in order, not before a connection and a question can have arrived', async () => {
	const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
	onTestFinished(() => void echo.close());
	echo.listen(0, '127.0.0.1');
	await once(echo, 'listening');
	const { port } = echo.address() as AddressInfo;
	const url = new URL(await startRelay(`http://127.0.0.1:${port}`, ROUND_TRIP));
	expect(Number(url.port)).not.toBe(port);
	const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
	const started = performance.now();
	const socket = connect({ port: Number(url.port), host: url.hostname });
	socket.end(sent);
	expect(sent.equals(await buffer(socket))).toBe(true);
	expect(performance.now() - started).toBeGreaterThanOrEqual(2 * ROUND_TRIP);
});

it('a recipe at another place has the credentials of that place, its model too, and is not changed', () => {
	const recipe = agent();
	const before = structuredClone(recipe);
	const { nodes, model } = recipeAt('far', recipe);
	expect(model?.credentials).toEqual({ openAiApi: { id: null, name: 'openAiApi, far' } });
	expect(nodes[0]?.credentials).toBeUndefined();
	expect(recipe).toEqual(before);
});
