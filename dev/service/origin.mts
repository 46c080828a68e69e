import type { Server } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

import type { ServiceContext } from './exchange.mts';
import type { MultipartPart, Origin, RecordedRequest } from './recording.mts';

/** Parsed JSON or multipart parts; undefined when there is no body or it cannot be parsed. */
export async function parseBody(contentType: string, bytes: Buffer): Promise<unknown> {
	if (bytes.length === 0) return undefined;
	try {
		if (/^multipart\/form-data/i.test(contentType)) return await parseMultipart(contentType, bytes);
		if (/\bjson\b/i.test(contentType)) return JSON.parse(bytes.toString('utf8')) as unknown;
	} catch {
		// The route answers 400: a broken body is an answer's matter, not a crash.
	}
	return undefined;
}

async function parseMultipart(contentType: string, bytes: Buffer): Promise<MultipartPart[]> {
	const response = new Response(new Uint8Array(bytes), {
		headers: { 'content-type': contentType },
	});
	const form = await response.formData();
	return await Promise.all([...form].map(async ([name, value]) => await toPart(name, value)));
}

async function toPart(name: string, value: FormDataEntryValue): Promise<MultipartPart> {
	if (typeof value === 'string') return { name, bytes: Buffer.from(value) };
	return {
		name,
		fileName: value.name,
		contentType: value.type,
		bytes: Buffer.from(await value.arrayBuffer()),
	};
}

declare module 'fastify' {
	interface FastifyRequest {
		record: RecordedRequest;
	}
}

// Large enough for images and data URIs in a request.
const bodyLimitBytes = 256 * 1024 * 1024;

/** One listening origin: records each request and parses its body, and leaves the rest to routes. */
export function createOrigin(service: ServiceContext, origin: Origin): FastifyInstance {
	let count = 0;
	const app = Fastify({
		https: service.options.tls ?? null,
		bodyLimit: bodyLimitBytes,
		forceCloseConnections: true,
		genReqId: () => `stand-in-${origin}-${(count += 1)}`,
		routerOptions: { ignoreTrailingSlash: true },
	}) as unknown as FastifyInstance;
	service.connections.watch(app.server as Server);
	app.decorateRequest('record', null as unknown as RecordedRequest);
	app.addHook('onRequest', async (request, reply) => {
		request.record = service.recorder.begin(origin, request.raw, reply.raw);
	});
	acceptAnyBody(app);
	return app;
}

// Malformed bodies must reach the routes, too: each protocol has its own error format.
function acceptAnyBody(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	const parse = async (request: FastifyRequest, bytes: Buffer): Promise<unknown> => {
		const body = await parseBody(request.headers['content-type'] ?? '', bytes);
		request.record.body = body;
		return body;
	};
	app.addContentTypeParser('*', { parseAs: 'buffer' }, parse);
}

/** @throws when the port is in use (`code` is `EADDRINUSE`). */
export async function listen(app: FastifyInstance, port: number | undefined): Promise<string> {
	const address = await app.listen({ host: '127.0.0.1', port: port ?? 0 });
	return address.replace(/\/$/, '');
}
