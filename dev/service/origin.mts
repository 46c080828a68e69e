import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Server } from 'node:http';

import type { Origin, RecordedRequest } from './recording/recordedRequest.mts';
import { parseBody } from './requestBody.mts';
import type { ServiceContext } from './serviceContext.mts';

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

// Broken bodies must reach the routes too: they answer in their own protocol's words.
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
