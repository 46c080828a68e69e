import type { ByteSource } from './types';

/** One HTTP request. */
export interface TransportRequest {
	method: 'GET' | 'POST';
	/** Absolute `http:` or `https:` URL. */
	url: string;
	/** Lower-case names. */
	headers: Record<string, string>;
	/** Text goes as UTF-8. A source is read again whenever the request is sent again. */
	body?: string | Uint8Array | ByteSource;
	/** Attach the user's credentials. Only ever true for the origin the user entered. */
	authenticated: boolean;
	/** The service may charge for each try: it is sent again only where the service cannot have begun. */
	isCostly?: boolean | undefined;
	/** Ends the request and, later, the reading of its answer. Its reason is what is thrown. */
	signal?: AbortSignal | undefined;
}

/** An answer whose head has arrived. Every status is an answer; redirects are not followed. */
export interface TransportResponse {
	status: number;
	/** The URL that was asked, where the transport names it. */
	url?: string;
	/** Lower-case names; repeated headers joined with `, `. */
	headers: Record<string, string>;
	/** Decompressed bytes, to be read once. Leaving the loop early closes the connection; a cut answer throws `network`. */
	body: AsyncIterable<Uint8Array>;
	/** Closes the connection of an answer that is not read to its end. */
	close(): void;
}

/**
 * How bytes reach a service. Proxy, TLS and credentials belong to the transport, so that providers
 * hold no secret.
 */
export interface Transport {
	/**
	 * Sends a request and waits for the head of its answer.
	 * @throws ProviderError `network`, `timeout`, `aborted` or `refused`; so does reading the body
	 */
	send(request: TransportRequest): Promise<TransportResponse>;
}
