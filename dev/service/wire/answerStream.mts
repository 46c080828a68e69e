import type { Exchange } from '../exchange.mts';
import { plainFormat, streamQuirks, type StreamFormat } from '../faults/streamQuirks.mts';
import { dataPrefix, frameEvent } from './events.mts';
import { openSink, type Sink } from './sink.mts';

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

	/** One fragment of `bytes` letters, never whole in memory. */
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
