import { registerAiChatsRoutes } from './aichats/routes.mts';
import { Attempts } from './directives/attempts.mts';
import { knownDirectives } from './directives/table.mts';
import { Holds } from './holds.mts';
import { registerOpenAiRoutes } from './openai/routes.mts';
import type { LocalService, LocalServiceOptions } from './options.mts';
import { createOrigin, listen } from './origin.mts';
import { registerPictureRoutes } from './pictures/routes.mts';
import { ImageSink } from './pictures/store.mts';
import { accessLine } from './recording/accessLog.mts';
import { Connections } from './recording/connections.mts';
import { Recorder } from './recording/recorder.mts';
import { registerUnknownRoute } from './unknownRoute.mts';
import type { ServiceContext } from './serviceContext.mts';

export type { ChaosOptions, Hold, LocalService, LocalServiceOptions } from './options.mts';
export type { MultipartPart, RecordedRequest } from './recording/recordedRequest.mts';
export type { Statistics } from './recording/recorder.mts';
export { directiveTable } from './directives/table.mts';

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
		registerPictureRoutes(app, service);
		registerUnknownRoute(app, service);
	}
	const close = async (): Promise<void> => {
		service.holds.endAll();
		const ended = service.connections.destroyAll();
		await Promise.all([ended, main.close(), images.close()]);
	};
	try {
		service.url = await listen(main, options.port);
		service.picturesUrl = await listen(images, options.picturePort);
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
		picturesUrl: '',
		connections,
		recorder: new Recorder(connections, options.keepRequests ?? keptRequests, (record, status) =>
			options.onLine?.(accessLine(record, status)),
		),
		holds: new Holds(),
		attempts: new Attempts(),
		images: new ImageSink(),
		standing: knownDirectives(options.directives),
	};
}

function toLocalService(service: ServiceContext, close: () => Promise<void>): LocalService {
	return {
		url: service.url,
		picturesUrl: service.picturesUrl,
		requests: service.recorder.requests,
		statistics: () => service.recorder.statistics(),
		holdAfter: (fragments) => service.holds.add(fragments),
		reset: () => {
			service.recorder.reset();
			service.holds.endAll();
			service.attempts.reset();
		},
		close,
	};
}
