import type {
	IAdditionalCredentialOptions,
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	ISupplyDataFunctions,
} from 'n8n-workflow';

import { ProviderError } from '../providers/errors';
import { addressOf } from '../providers/http/urls';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import type { ByteSource } from '../providers/types';
import { type ConnectionOptions, connectionOptions } from './credential';
import { networkError } from './networkError';
import { toReadable } from './readable';
import { LinkedController } from './signals';

/** The n8n contexts that can send requests. */
export type RequestContext = IExecuteFunctions | ISupplyDataFunctions | ILoadOptionsFunctions;

/** What n8n's helper gives back for `encoding: 'stream'` with `returnFullResponse`. */
interface StreamedResponse {
	statusCode: number;
	headers: Record<string, string | string[] | undefined>;
	body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
}

/**
 * Sends through n8n's own HTTP helpers, so that n8n's proxy settings, its SSRF guard and its Stop button
 * stay in force.
 */
export class N8nTransport implements Transport {
	private readonly connection: ConnectionOptions;
	private readonly known: IAdditionalCredentialOptions;

	constructor(
		private readonly context: RequestContext,
		private readonly credentialType: string,
		credential: ICredentialDataDecryptedObject,
	) {
		this.connection = connectionOptions(credential);
		this.known = knownCredential(credentialType, credential);
	}

	async send(request: TransportRequest): Promise<TransportResponse> {
		const { signal } = request;
		const exchange = new Exchange(request);
		try {
			signal?.throwIfAborted();
			const response = await this.request(request, exchange);
			return toTransportResponse(request.url, response, exchange);
		} catch (error) {
			exchange.forget();
			const failure = networkError(error, signal);
			throw signal?.aborted === true ? failure : located(failure, request);
		}
	}

	private async request(request: TransportRequest, exchange: Exchange): Promise<StreamedResponse> {
		// A certificate that the user trusts is the service's own, not that of a host in an answer.
		const foreign = request.authenticated ? {} : { skipSslCertificateValidation: false };
		const options = requestOptions(request, { ...this.connection, ...foreign }, exchange);
		const { helpers } = this.context;
		const response: unknown = request.authenticated
			? await helpers.httpRequestWithAuthentication.call(
					this.context,
					this.credentialType,
					options,
					this.known,
				)
			: await helpers.httpRequest(options);
		return response as StreamedResponse;
	}
}

/** Without it n8n's helper reads the credential from the database and decrypts it for every request. */
function knownCredential(
	type: string,
	data: ICredentialDataDecryptedObject,
): IAdditionalCredentialOptions {
	return { credentialsDecrypted: { id: '', name: type, type, data } };
}

function requestOptions(
	request: TransportRequest,
	connection: ConnectionOptions,
	{ body, length, signal }: Exchange,
): IHttpRequestOptions {
	const options: IHttpRequestOptions = {
		...connection,
		method: request.method,
		url: request.url,
		// n8n decompresses so that a compressed answer that breaks off looks complete.
		headers: { 'accept-encoding': 'identity', ...length, ...request.headers },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		// n8n's default of 300 s would cut long answers; the provider's own limits are in the signal.
		timeout: 0,
	};
	if (body !== undefined) options.body = body;
	return withLastingSignal(options, signal);
}

/**
 * httpRequestWithAuthentication overwrites `abortSignal` with the execution's own signal, which would
 * disable our time limits. Ours is joined with the execution's where the node runs, so the assignment is
 * ignored.
 */
function withLastingSignal(options: IHttpRequestOptions, signal: AbortSignal): IHttpRequestOptions {
	return Object.defineProperty(options, 'abortSignal', {
		enumerable: true,
		get: () => signal,
		set: () => undefined,
	});
}

/**
 * One request and its answer. Destroying the body that n8n hands out does not end an answer that pauses
 * (axios wraps it in a generator, which reacts only to the next piece), so it is ended by a signal.
 */
class Exchange {
	private readonly controller: LinkedController;
	private readonly callersSignal: AbortSignal | undefined;
	private readonly upload: ReturnType<typeof toReadable> | undefined;
	private over = false;

	constructor(private readonly request: TransportRequest) {
		this.callersSignal = request.signal;
		this.controller = new LinkedController(request.signal);
		if (isSource(request.body)) this.upload = toReadable(request.body.read());
	}

	/** As n8n's helper takes it. */
	get body(): string | Uint8Array | object | undefined {
		return this.upload ?? this.request.body;
	}

	/** The header for a body whose length n8n's helper cannot see: not every server takes chunks. */
	get length(): Record<string, string> {
		const { body } = this.request;
		return isSource(body) ? { 'content-length': String(body.size) } : {};
	}

	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** @param length what the head says of the body's length, in bytes */
	async *read(body: StreamedResponse['body'], length: number): AsyncGenerator<Uint8Array> {
		let size = 0;
		try {
			for await (const bytes of body) {
				size += bytes.length;
				yield bytes;
			}
			this.over = true;
			this.forget();
			if (size !== length && !Number.isNaN(length)) throw compressed();
		} catch (error) {
			throw networkError(error, this.callersSignal);
		} finally {
			this.end(body);
		}
	}

	/** Closes the connection of an answer that was not read to its end. */
	end(body: StreamedResponse['body']): void {
		if (this.over) return;
		this.over = true;
		this.upload?.destroy();
		body.destroy();
		this.controller.abort();
	}

	/** Lets go of the caller's signal, as nothing is left that it could end, and of files half sent. */
	forget(): void {
		this.controller.release();
		this.upload?.destroy();
	}
}

function isSource(body: TransportRequest['body']): body is ByteSource {
	return typeof body === 'object' && 'read' in body;
}

/** The failure with the address that was asked: without it nobody finds a typing error in a base URL. */
function located(error: ProviderError, { url, authenticated }: TransportRequest): ProviderError {
	if (error.kind !== 'network' && error.kind !== 'timeout') return error;
	const address = addressOf(url);
	if (authenticated) return error.with({ address });
	// Of a host in an answer, the credential is not to blame.
	const { explanation = 'The address came from the answer: try again later.' } = error.details;
	return error.with({ address, reason: undefined, explanation });
}

/**
 * An answer as long as its head says has been decompressed when its length is another. Where it is cut
 * before it was compressed, nobody notices.
 */
function compressed(): ProviderError {
	return new ProviderError('truncated', 'The answer may be incomplete', {
		explanation: 'The service compressed it: turn that off in the server or its proxy.',
	});
}

function toTransportResponse(
	url: string,
	{ statusCode, headers: given, body }: StreamedResponse,
	exchange: Exchange,
): TransportResponse {
	const headers = plainHeaders(given);
	return {
		status: statusCode,
		url,
		headers,
		body: exchange.read(body, Number(headers['content-length'] ?? NaN)),
		close: () => exchange.end(body),
	};
}

function plainHeaders(headers: StreamedResponse['headers']): Record<string, string> {
	const pairs = Object.entries({ ...headers }).map(([name, value]) => [
		name.toLowerCase(),
		Array.isArray(value) ? value.join(', ') : String(value ?? ''),
	]);
	return Object.fromEntries(pairs) as Record<string, string>;
}
