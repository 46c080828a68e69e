import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';

import { ProviderError } from '../../providers/errors.ts';
import type { Transport, TransportRequest } from '../../providers/Transport.ts';
import { providerErrorOf } from '../support/failure.mts';
import { collect } from '../support/streams.mts';
import { describeThroughBoth } from './bothTransports.mts';
import { startRawServer } from './rawServer.mts';

const PIECE = Buffer.alloc(64 * 1024, 'x');
/** More than the buffers of two sockets hold. */
const PIECES = 400;

/** A long body that is read piece by piece, and counts how often it was opened and let go of. */
function longBody(pieces = PIECES) {
	const seen = { opened: 0, open: 0 };
	return {
		seen,
		body: {
			size: pieces * PIECE.length,
			async *read() {
				seen.opened++;
				seen.open++;
				try {
					for (let piece = 0; piece < pieces; piece++) yield PIECE;
				} finally {
					seen.open--;
				}
			},
		},
	};
}

function post(url: string, more: Partial<TransportRequest>): TransportRequest {
	const headers = { 'content-type': 'text/plain' };
	return { method: 'POST', url, headers, authenticated: true, ...more };
}

/** A server that takes connections and reads nothing. */
async function startDeafServer(): Promise<string> {
	const server = createServer({ pauseOnConnect: true }, (socket) => {
		onTestFinished(() => void socket.destroy());
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	onTestFinished(() => void server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describeThroughBoth(
	'A body that is read while it is sent',
	{ access: { type: 'aiChatsApi' } },
	(reach) => {
		const use = async <T,>(task: (transport: Transport) => Promise<T>) => await reach.use(task);

		it('arrives whole and with its length, again with each request', async () => {
			const { seen, body } = longBody(3);
			await use(async (transport) => {
				for (let time = 0; time < 2; time++) {
					const request = post(`${reach.service.url}/nowhere`, { body });
					await collect((await transport.send(request)).body);
				}
			});
			expect(seen).toEqual({ opened: 2, open: 0 });
			const lengths = reach.service.requests.map(({ headers }) => headers['content-length']);
			expect(lengths).toEqual([String(body.size), String(body.size)]);
		});

		it('is let go of when the request is stopped', async () => {
			const { seen, body } = longBody();
			const controller = new AbortController();
			const url = await startDeafServer();
			const error = await use(async (transport) => {
				const { signal } = controller;
				const sending = providerErrorOf(() => transport.send(post(url, { body, signal })));
				await vi.waitFor(() => expect(seen.open).toBe(1));
				controller.abort();
				return await sending;
			});
			expect(error.kind).toBe('aborted');
			await vi.waitFor(() => expect(seen).toEqual({ opened: 1, open: 0 }));
		});

		it('is let go of when the server answers without reading it', async () => {
			const { seen, body } = longBody();
			const url = await startRawServer('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno');
			await use(async (transport) => {
				try {
					const response = await transport.send(post(url, { body }));
					response.close();
				} catch (error) {
					// Whether the answer or the broken connection is seen first is up to the system.
					expect(error).toMatchObject({ kind: 'network' });
				}
			});
			await vi.waitFor(() => expect(seen).toEqual({ opened: 1, open: 0 }));
		});

		it('that breaks ends the request with its own error', async () => {
			const broken = new ProviderError('refused', 'An attached file could not be read completely');
			async function* read() {
				yield PIECE;
				throw broken;
			}
			const url = `${reach.service.url}/nowhere`;
			const error = await use(async (transport) =>
				providerErrorOf(() =>
					transport.send(post(url, { body: { size: 2 * PIECE.length, read } })),
				),
			);
			expect(error).toMatchObject({ kind: 'refused', message: broken.message });
		});
	},
);
