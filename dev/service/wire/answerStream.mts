import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { constants, createGzip } from 'node:zlib';

import type { Exchange } from '../exchange.mts';
import { plainFormat, type StreamFormat, streamQuirks } from '../faults/answers.mts';

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

// Not `once` of node:events: the listener for the event that does not occur would remain.
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

/** One event of a stream, with whatever the format puts around it. */
export function frameEvent(payload: string, format: StreamFormat, number: number): string {
	const { lineEnd } = format;
	let text = '';
	if (format.comments) text += `: ping ${number}${lineEnd}${lineEnd}`;
	if (format.emptyData) text += `data:${number % 2 ? '' : ' '}${lineEnd}${lineEnd}`;
	if (format.fields) text += `event: message${lineEnd}id: ${number}${lineEnd}retry: 1000${lineEnd}`;
	return text + dataPrefix(payload, format) + payload + lineEnd + lineEnd;
}

// Without the space, a payload's own first space would be taken for it.
export function dataPrefix(payload: string, format: StreamFormat): string {
	return format.spaceAfterColon || payload.startsWith(' ') ? 'data: ' : 'data:';
}

/** What a protocol wants streamed. Every string is the payload of one event. */
export interface StreamRecipe {
	protocol: 'aichats' | 'openai';
	opening: string[];
	/** The counted part: paced, held and interrupted by their number. */
	fragments: string[];
	ending: string[];
	/** The payload of one more fragment with this text. */
	encode(text: string): string;
}

const batchCharacters = 16 * 1024;

/** An event stream on its way. Payloads collect until `flush`, to spare system calls. */
export class AnswerStream {
	private readonly format: StreamFormat;
	private readonly sink: Sink;
	private pending = '';
	private events = 0;

	constructor(
		readonly exchange: Exchange,
		readonly recipe: StreamRecipe,
	) {
		this.format = readFormat(exchange);
		const headers: Record<string, string> = {
			'content-type': 'text/event-stream; charset=utf-8',
			'cache-control': 'no-cache',
		};
		if (this.format.gzip) headers['content-encoding'] = 'gzip';
		exchange.raw.writeHead(200, headers);
		if (this.format.byteOrderMark) this.pending = '\uFEFF';
		this.sink = openSink(exchange, this.format.gzip);
	}

	*fragments(): Iterable<string> {
		do yield* this.recipe.fragments;
		while (this.format.endless);
	}

	add(payload: string): void {
		this.events += 1;
		this.pending += frameEvent(payload, this.format, this.events);
	}

	async addFragment(payload: string): Promise<void> {
		this.add(payload);
		this.exchange.record.fragmentsSent += 1;
		if (this.pending.length < batchCharacters) return;
		await this.flush();
		// A reader that keeps up would otherwise let an endless answer starve all others.
		await new Promise((resolve) => setImmediate(resolve));
	}

	/** One fragment of `bytes` letters, never held in memory as a whole. */
	async addHuge(bytes: number): Promise<void> {
		const [before = '', after = ''] = this.recipe.encode('@').split('@');
		this.pending += dataPrefix(before + after, this.format) + before;
		const block = 'x'.repeat(Math.min(bytes, 64 * 1024));
		for (let left = bytes; left > 0 && !this.exchange.isClosed; left -= block.length) {
			this.pending += block.slice(0, left);
			await this.flush();
		}
		this.pending += after + this.format.lineEnd + this.format.lineEnd;
	}

	async flush(): Promise<void> {
		const bytes = this.pending;
		this.pending = '';
		if (bytes) await this.sink.write(bytes);
	}

	/** Sends the protocol's end and closes. */
	async finish(): Promise<void> {
		for (const payload of this.recipe.ending) this.add(payload);
		await this.close();
	}

	/** Ends the response as it is. */
	async close(): Promise<void> {
		await this.flush();
		await this.sink.end();
	}
}

function readFormat(exchange: Exchange): StreamFormat {
	const format = { ...plainFormat };
	for (const { name } of exchange.directives.list)
		Object.assign(format, streamQuirks[name]?.format);
	return format;
}
