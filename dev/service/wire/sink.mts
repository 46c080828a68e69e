import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { constants, createGzip } from 'node:zlib';

import type { Exchange } from '../exchange.mts';

/** Where the bytes of a body go. Writing waits while the client does not read. */
export interface Sink {
	write(bytes: Buffer | string): Promise<void>;
	end(): Promise<void>;
}

/** Directives: `drip`, and `gzip` when `compress` is set. */
export function openSink(exchange: Exchange, compress: boolean): Sink {
	const bytes = exchange.directives.number('drip', 'bytes');
	const wire = bytes ? dripping(exchange.raw, bytes) : direct(exchange.raw);
	return compress ? gzipped(wire) : wire;
}

function direct(raw: ServerResponse): Sink {
	return {
		write: async (bytes) => {
			if (bytes.length === 0 || raw.destroyed || raw.write(bytes)) return;
			await untilWritable(raw);
		},
		end: async () => void raw.end(),
	};
}

// Not `once` of node:events: the event that does not come would leave its listener behind.
async function untilWritable(raw: ServerResponse): Promise<void> {
	await new Promise<void>((resolve) => {
		const finish = (): void => {
			raw.off('drain', finish);
			raw.off('close', finish);
			resolve();
		};
		raw.on('drain', finish);
		raw.on('close', finish);
	});
}

function dripping(raw: ServerResponse, size: number): Sink {
	return {
		write: async (data) => {
			const bytes = Buffer.from(data);
			for (let start = 0; start < bytes.length && !raw.destroyed; start += size) {
				await new Promise((resolve) => raw.write(bytes.subarray(start, start + size), resolve));
				await new Promise((resolve) => setImmediate(resolve));
			}
		},
		end: async () => void raw.end(),
	};
}

function gzipped(below: Sink): Sink {
	const gzip = createGzip();
	let written = Promise.resolve();
	gzip.on('data', (bytes: Buffer) => {
		written = written.then(async () => await below.write(bytes));
	});
	return {
		write: async (bytes) => {
			gzip.write(bytes);
			await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
			await written;
		},
		end: async () => {
			gzip.end();
			await once(gzip, 'end');
			await written;
			await below.end();
		},
	};
}
