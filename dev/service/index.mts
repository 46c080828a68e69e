import type { FastifyInstance } from 'fastify';

import { registerAiChatsRoutes } from './aichats.mts';
import { Attempts, Holds, route, type ServiceContext } from './exchange.mts';
import { knownDirectives } from './faults/table.mts';
import { ImageStore } from './images/image.mts';
import { registerImageRoutes } from './images/routes.mts';
import { openAiError } from './openai/errors.mts';
import { registerOpenAiRoutes } from './openai/routes.mts';
import { limiter } from './limiter.mts';
import type { LocalService, LocalServiceOptions } from './options.mts';
import { createOrigin, listen } from './origin.mts';
import { Connections, type RecordedRequest, Recorder } from './recording.mts';
import { sendJson } from './wire/send.mts';

/** One line for one finished request. No header and no body is written, so no secret is. */
export function accessLine(record: RecordedRequest, status: number): string {
	const milliseconds = (record.endedAt ?? record.startedAt) - record.startedAt;
	const parts = [
		new Date(record.startedAt).toISOString().slice(11, 23),
		record.origin,
		record.method,
		maskQuery(record.path),
		String(status),
		`${milliseconds} ms`,
		record.finished ?? '',
	];
	if (record.fragmentsSent > 0) parts.push(`${record.fragmentsSent} fragments`);
	if (record.fault) parts.push(`fault=${record.fault}`);
	return parts.filter(Boolean).join(' ');
}

function maskQuery(path: string): string {
	return path.replace(/([?&][^=&]*(?:key|token|secret)[^=&]*=)[^&]*/gi, '$1***');
}

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

export type { ChaosOptions, Hold, LocalService, LocalServiceOptions } from './options.mts';
export type { MultipartPart, RecordedRequest } from './recording.mts';
export type { Statistics } from './recording.mts';
export { directiveTable } from './faults/table.mts';

const keptRequests = 10_000;

/**
 * Starts the stand-in on loopback. It runs no model.
 *
 * @throws when a port is in use (`code` is `EADDRINUSE`) or a directive of the options is unknown.
 */
export async function startLocalService(options: LocalServiceOptions = {}): Promise<LocalService> {
	options.chaos?.faults.forEach(knownDirectives);
	const service = createContext(options);
	const main = createOrigin(service, 'service');
	const images = createOrigin(service, 'images');
	for (const app of [main, images]) {
		registerAiChatsRoutes(app, service);
		registerOpenAiRoutes(app, service);
		registerImageRoutes(app, service);
		registerUnknownRoute(app, service);
	}
	const close = async (): Promise<void> => {
		service.holds.endAll();
		const ended = service.connections.destroyAll();
		await Promise.all([ended, main.close(), images.close()]);
	};
	try {
		service.url = await listen(main, options.port);
		service.imagesUrl = await listen(images, options.imagePort);
	} catch (error) {
		await close();
		throw error;
	}
	return toLocalService(service, close);
}

function createContext(options: LocalServiceOptions): ServiceContext {
	const connections = new Connections();
	return {
		options,
		url: '',
		imagesUrl: '',
		connections,
		recorder: new Recorder(connections, options.keepRequests ?? keptRequests, (record, status) =>
			options.onLine?.(accessLine(record, status)),
		),
		holds: new Holds(),
		attempts: new Attempts(),
		images: new ImageStore(),
		promptCache: new Set(),
		takeLimit: options.limit && limiter(options.limit, () => performance.now()),
		standing: knownDirectives(options.directives),
	};
}

function toLocalService(service: ServiceContext, close: () => Promise<void>): LocalService {
	return {
		url: service.url,
		imagesUrl: service.imagesUrl,
		requests: service.recorder.requests,
		statistics: () => service.recorder.statistics(),
		holdAfter: (fragments) => service.holds.add(fragments),
		reset: () => {
			service.recorder.reset();
			service.holds.endAll();
			service.attempts.reset();
			service.promptCache.clear();
		},
		close,
	};
}
