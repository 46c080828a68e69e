import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { type Directive, Directives } from './directives.mts';
import type { ImageStore } from './images/image.mts';
import type { Verdict } from './limiter.mts';
import type { Hold, LocalServiceOptions } from './options.mts';
import type { Connections, RecordedRequest, Recorder } from './recording.mts';

const keptKeys = 100_000;

/** Counts how often something occurred; forgets the oldest keys, so that long runs stay small. */
export class Attempts {
	private readonly counts = new Map<string, number>();

	/** @returns 1 the first time. */
	next(key: string): number {
		const count = (this.counts.get(key) ?? 0) + 1;
		this.counts.set(key, count);
		if (this.counts.size > keptKeys) {
			const [oldest] = this.counts.keys();
			if (oldest !== undefined) this.counts.delete(oldest);
		}
		return count;
	}

	reset(): void {
		this.counts.clear();
	}
}

export interface PendingHold {
	after: number;
	/** Tells the test that the fragments are out; settles when it releases the answer. */
	wait(): Promise<void>;
	cancel(): void;
}

/** Holds wait in line; each streamed answer takes the first. */
export class Holds {
	private readonly waiting: PendingHold[] = [];
	private readonly taken = new Set<PendingHold>();

	add(after: number): Hold {
		const reached = Promise.withResolvers<void>();
		const released = Promise.withResolvers<void>();
		const pending: PendingHold = {
			after,
			wait: async () => {
				reached.resolve();
				await released.promise;
				this.taken.delete(pending);
			},
			cancel: () => {
				reached.resolve();
				released.resolve();
			},
		};
		this.waiting.push(pending);
		return { reached: reached.promise, release: () => released.resolve() };
	}

	take(): PendingHold | undefined {
		const hold = this.waiting.shift();
		if (hold) this.taken.add(hold);
		return hold;
	}

	endAll(): void {
		for (const hold of [...this.waiting, ...this.taken]) hold.cancel();
		this.waiting.length = 0;
		this.taken.clear();
	}
}

/** What all requests of one running service share. */
export interface ServiceContext {
	options: LocalServiceOptions;
	/** Known once both origins listen. */
	url: string;
	imagesUrl: string;
	connections: Connections;
	recorder: Recorder;
	holds: Holds;
	attempts: Attempts;
	images: ImageStore;
	/** Texts that requests have marked for it. */
	promptCache: Set<string>;
	/** Counts a request against the limit of the options. */
	takeLimit: (() => Verdict) | undefined;
	/** Directives of the options. */
	standing: readonly Directive[];
}

/** One request and the answer it gets. The answer is written to the raw response throughout. */
export class Exchange {
	directives = new Directives();
	/** Those for the GET of the image that this answer names. */
	imageDirectives = new Directives();
	/** The prompt as it came: the key of `times=` and of chaos. */
	promptKey = '';
	readonly record: RecordedRequest;
	readonly raw: ServerResponse;

	constructor(
		readonly service: ServiceContext,
		readonly request: FastifyRequest,
		reply: FastifyReply,
	) {
		this.record = request.record;
		this.raw = reply.raw;
		reply.hijack();
		this.raw.setHeader('x-request-id', request.id);
	}

	get body(): unknown {
		return this.request.body;
	}

	get isClosed(): boolean {
		return this.raw.closed || this.raw.destroyed;
	}

	/** Waits, but not beyond the end of the connection. */
	async wait(milliseconds: number): Promise<void> {
		if (milliseconds <= 0 || this.isClosed) return;
		await new Promise<void>((resolve) => {
			const finish = (): void => {
				clearTimeout(timer);
				this.raw.off('close', finish);
				resolve();
			};
			const timer = setTimeout(finish, milliseconds);
			this.raw.once('close', finish);
		});
	}

	async untilClosed(): Promise<void> {
		if (this.isClosed) return;
		await new Promise<void>((resolve) => this.raw.once('close', () => resolve()));
	}
}

/** Closes the connection in order (FIN) although the body has not ended. */
export function cut(exchange: Exchange): void {
	exchange.record.finished = 'cut';
	if (!exchange.raw.headersSent) exchange.raw.flushHeaders();
	exchange.raw.socket?.destroySoon();
}

/** Aborts the connection (RST). What was written before still reaches the client. */
export async function reset(exchange: Exchange): Promise<void> {
	// One turn of the event loop lets the bytes written just now leave first.
	await new Promise((resolve) => setImmediate(resolve));
	exchange.record.finished = 'cut';
	const { socket } = exchange.raw;
	if (!socket) return;
	exchange.service.connections.tcpSocketOf(socket).resetAndDestroy();
}

type Handler = (exchange: Exchange) => Promise<void>;

/** Makes a Fastify handler that hands the raw response to `handler`. */
export function route(service: ServiceContext, handler: Handler) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		const exchange = new Exchange(service, request, reply);
		try {
			await handler(exchange);
		} catch (error) {
			// A bug of the stand-in must not look like a requested fault.
			service.options.onLine?.(`stand-in failed: ${String(error)}`);
			if (exchange.raw.headersSent) cut(exchange);
			else exchange.raw.writeHead(500).end(`stand-in failed: ${String(error)}`);
		}
	};
}
