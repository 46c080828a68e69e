import type { FastifyInstance } from 'fastify';

import { openAiError } from './openai/errors.mts';
import { route } from './route.mts';
import type { ServiceContext } from './serviceContext.mts';
import { sendJson } from './wire/whole.mts';

/** 404 in OpenAI's shape, which most gateways use as well. */
export function registerUnknownRoute(app: FastifyInstance, service: ServiceContext): void {
	app.setNotFoundHandler(
		route(service, async (exchange) => {
			const { method, path } = exchange.record;
			if (path.includes('redirected=loop')) {
				exchange.raw.writeHead(302, { location: path }).end();
				return;
			}
			const message = `Unknown request URL: ${method} ${path}. The stand-in has no such route.`;
			await sendJson(exchange, 404, openAiError(message, 'invalid_request_error', 'unknown_url'));
		}),
	);
}
