import type { FastifyReply, FastifyRequest } from 'fastify';

import { Exchange } from './exchange.mts';
import { cut } from './wire/sever.mts';
import type { ServiceContext } from './serviceContext.mts';

type Handler = (exchange: Exchange) => Promise<void>;

/** Makes a Fastify handler that hands the raw response to `handler`. */
export function route(service: ServiceContext, handler: Handler) {
	return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
		const exchange = new Exchange(service, request, reply);
		try {
			await handler(exchange);
		} catch (error) {
			// A fault of the stand-in itself must not look like one that was asked for.
			service.options.onLine?.(`stand-in failed: ${String(error)}`);
			if (exchange.raw.headersSent) cut(exchange);
			else exchange.raw.writeHead(500).end(`stand-in failed: ${String(error)}`);
		}
	};
}
