import type { IncomingHttpHeaders } from 'node:http';

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
	/** The fault that was asked for and happened, by its name. */
	fault?: string;
	fragmentsSent: number;
	/** `cut`: the service ended it early on purpose. Undefined while it is under way. */
	finished: 'whole' | 'cut' | 'closed-by-client' | undefined;
	/** Milliseconds since the epoch. */
	endedAt?: number;
}
