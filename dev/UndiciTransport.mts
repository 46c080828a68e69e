import { Readable } from 'node:stream';
import { Agent, type Dispatcher, interceptors, ProxyAgent, request as undiciRequest } from 'undici';

import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport.ts';
import type { ByteSource } from '../providers/types.ts';
import { networkError } from '../transport/networkError.ts';

export interface UndiciTransportOptions {
	/** Headers for the user's own service only, with lower-case names (cookie, authorization). */
	headers?: Record<string, string>;
	/** `http://user:password@host:port` */
	proxyUrl?: string;
	allowUnauthorizedCerts?: boolean;
	/** Sockets per origin. */
	connections?: number;
}

/**
 * Sends over pooled sockets without n8n: this shows that providers do not need it, and serves the demo
 * and the tests that call providers directly.
 */
export class UndiciTransport implements Transport {
	private readonly dispatcher: Dispatcher;

	constructor(private readonly options: UndiciTransportOptions = {}) {
		this.dispatcher = createDispatcher(options);
	}

	async send(request: TransportRequest): Promise<TransportResponse> {
		const { body } = request;
		try {
			const response = await undiciRequest(request.url, {
				dispatcher: this.dispatcher,
				method: request.method,
				headers: {
					'accept-encoding': 'gzip, br',
					...(isSource(body) ? { 'content-length': String(body.size) } : {}),
					...request.headers,
					...(request.authenticated ? this.options.headers : {}),
				},
				body: isSource(body) ? Readable.from(body.read()) : (body ?? null),
				signal: request.signal ?? null,
			});
			return toTransportResponse(response, request.signal);
		} catch (error) {
			throw networkError(error, request.signal);
		}
	}

	/** Ends all connections. */
	async close(): Promise<void> {
		await this.dispatcher.destroy();
	}
}

function isSource(body: TransportRequest['body']): body is ByteSource {
	return typeof body === 'object' && 'read' in body;
}

function createDispatcher({
	proxyUrl,
	allowUnauthorizedCerts,
	connections,
}: UndiciTransportOptions) {
	const tls = { rejectUnauthorized: allowUnauthorizedCerts !== true };
	const shared = { connections: connections ?? null, headersTimeout: 0, bodyTimeout: 0 };
	const agent =
		proxyUrl === undefined
			? new Agent({ ...shared, connect: tls })
			: new ProxyAgent({ ...shared, uri: proxyUrl, requestTls: tls, proxyTls: tls });
	return agent.compose(interceptors.decompress());
}

function toTransportResponse(
	{ statusCode, headers, body }: Dispatcher.ResponseData,
	signal: AbortSignal | undefined,
): TransportResponse {
	const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
	// A body that is dropped unread reports that as an error that nobody awaits.
	body.on('error', () => undefined);
	return {
		status: statusCode,
		headers: Object.fromEntries(flat) as Record<string, string>,
		body: readBody(body, signal),
		close: () => void body.destroy(),
	};
}

async function* readBody(
	body: Dispatcher.ResponseData['body'],
	signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
	try {
		yield* body as AsyncIterable<Uint8Array>;
	} catch (error) {
		throw networkError(error, signal);
	}
}
