import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Origin = 'service' | 'images';

export interface MultipartPart {
	name: string;
	fileName?: string;
	contentType?: string;
	bytes: Buffer;
}

export interface RecordedRequest {
	origin: Origin;
	method: string;
	/** Path and query as they came. */
	path: string;
	headers: IncomingHttpHeaders;
	/** Parsed JSON, or `MultipartPart[]`, or undefined when there was none or it was broken. */
	body: unknown;
	/** Milliseconds since the epoch. */
	startedAt: number;
	/** Number of the connection it came on, counted from 1 over both origins. */
	connection: number;
	/** The name of the fault that was requested and took place. */
	fault?: string;
	fragmentsSent: number;
	/** What a streamed OpenAI chat that came to its end told that it used. */
	usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number; cost?: number };
	/** `cut`: the service ended it early on purpose. Undefined while it is in progress. */
	finished: 'whole' | 'cut' | 'closed-by-client' | undefined;
	/** Milliseconds since the epoch. */
	endedAt?: number;
}

/** Numbers the connections of both origins and can end them all. */
export class Connections {
	opened = 0;
	private lastNumber = 0;
	private readonly sockets = new Map<string, Socket>();
	private readonly numbers = new Map<string, number>();

	watch(server: Server): void {
		server.on('connection', (socket: Socket) => {
			const key = keyOf(socket);
			this.opened += 1;
			this.lastNumber += 1;
			this.sockets.set(key, socket);
			this.numbers.set(key, this.lastNumber);
			socket.once('close', () => {
				if (this.sockets.get(key) === socket) this.sockets.delete(key);
				this.numbers.delete(key);
			});
		});
	}

	get open(): number {
		return this.sockets.size;
	}

	numberOf(socket: Socket): number {
		return this.numbers.get(keyOf(socket)) ?? 0;
	}

	/** The TCP socket below a TLS one (only that can be reset), or the socket itself. */
	tcpSocketOf(socket: Socket): Socket {
		return this.sockets.get(keyOf(socket)) ?? socket;
	}

	/** Settles when every one has reported its end, so that nothing is counted as open after. */
	async destroyAll(): Promise<void> {
		const ended = [...this.sockets.values()].map(async (socket) => {
			const closed = once(socket, 'close');
			socket.destroy();
			await closed;
		});
		await Promise.all(ended);
	}
}

// The pair of ports names a connection for the TCP socket and for the TLS socket above it.
function keyOf(socket: Socket): string {
	return `${socket.localPort}-${socket.remotePort}`;
}

export interface Statistics {
	/** All since the start or the last reset, kept or not. */
	requests: number;
	inFlight: number;
	mostInFlight: number;
	openConnections: number;
	connectionsOpened: number;
}

/** Keeps what came in, at most `keep` requests of it, and counts all. */
export class Recorder {
	readonly requests: RecordedRequest[] = [];
	private counted = 0;
	private inFlight = 0;
	private mostInFlight = 0;

	constructor(
		private readonly connections: Connections,
		private readonly keep: number,
		private readonly onEnd: (record: RecordedRequest, status: number) => void,
	) {}

	begin(origin: Origin, request: IncomingMessage, response: ServerResponse): RecordedRequest {
		const record: RecordedRequest = {
			origin,
			method: request.method ?? 'GET',
			path: request.url ?? '/',
			headers: request.headers,
			body: undefined,
			startedAt: Date.now(),
			connection: this.connections.numberOf(request.socket),
			fragmentsSent: 0,
			finished: undefined,
		};
		this.remember(record);
		this.counted += 1;
		this.inFlight += 1;
		this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
		response.once('close', () => this.end(record, response));
		return record;
	}

	private remember(record: RecordedRequest): void {
		this.requests.push(record);
		// Dropping in blocks keeps the cost per request constant in long runs.
		if (this.requests.length > this.keep * 1.1 + 1) {
			this.requests.splice(0, this.requests.length - this.keep);
		}
	}

	private end(record: RecordedRequest, response: ServerResponse): void {
		this.inFlight -= 1;
		record.endedAt = Date.now();
		record.finished ??= response.writableFinished ? 'whole' : 'closed-by-client';
		this.onEnd(record, response.statusCode);
	}

	statistics(): Statistics {
		return {
			requests: this.counted,
			inFlight: this.inFlight,
			mostInFlight: this.mostInFlight,
			openConnections: this.connections.open,
			connectionsOpened: this.connections.opened,
		};
	}

	reset(): void {
		this.requests.length = 0;
		this.counted = 0;
		this.mostInFlight = this.inFlight;
		this.connections.opened = 0;
	}
}
