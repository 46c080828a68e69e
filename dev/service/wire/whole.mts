import { gzipSync } from 'node:zlib';

import { findByteInterruption } from '../faults/interruptions.mts';
import type { Exchange } from '../exchange.mts';
import { openSink } from './sink.mts';

export interface Head {
	status: number;
	headers: Record<string, string>;
	/** Content-Length in bytes. */
	length: number;
}

export async function sendJson(exchange: Exchange, status: number, value: unknown): Promise<void> {
	// A string is JSON already, perhaps broken on purpose.
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	await sendText(exchange, status, 'application/json', text);
}

export async function sendText(
	exchange: Exchange,
	status: number,
	contentType: string,
	text: string,
): Promise<void> {
	const headers: Record<string, string> = { 'content-type': contentType };
	let bytes = Buffer.from(text);
	// As servers do: not for a client that asks for the body as it is.
	const isAccepted = exchange.request.headers['accept-encoding'] !== 'identity';
	if (exchange.directives.has('gzip') && isAccepted) {
		bytes = gzipSync(bytes);
		headers['content-encoding'] = 'gzip';
	}
	await sendBytes(exchange, { status, headers, length: bytes.length }, [bytes]);
}

/** Sends a body of known length, unless a directive ends it early. */
export async function sendBytes(
	exchange: Exchange,
	{ status, headers, length }: Head,
	chunks: Iterable<Buffer>,
): Promise<void> {
	exchange.raw.writeHead(status, { ...headers, 'content-length': length });
	const interruption = findByteInterruption(exchange, length);
	const sink = openSink(exchange, false);
	let left = interruption?.after ?? Infinity;
	for (const chunk of chunks) {
		const part = chunk.length > left ? chunk.subarray(0, left) : chunk;
		left -= part.length;
		await sink.write(part);
		if (interruption && left === 0) {
			await interruption.act(exchange);
			return;
		}
		if (exchange.isClosed) return;
	}
	await sink.end();
}
