import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Connections } from './connections.mts';
import type { Origin, RecordedRequest } from './recordedRequest.mts';

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
