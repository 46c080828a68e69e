import type { FastifyInstance } from 'fastify';

import { resolvePictureDirectives } from '../directives/resolve.mts';
import type { Exchange } from '../exchange.mts';
import { answerWithHttpFault } from '../faults/httpFaults.mts';
import { pictureFaults } from '../faults/pictureFaults.mts';
import { route } from '../route.mts';
import type { ServiceContext } from '../serviceContext.mts';
import { sendBytes, sendText } from '../wire/whole.mts';
import { padPng } from './padding.mts';
import type { OpenedImage } from './picture.mts';
import { renderPicture } from './render.mts';

/** On both origins: relative URLs and redirects lead to the service's own. */
export function registerPictureRoutes(app: FastifyInstance, service: ServiceContext): void {
	app.get('/image/:name', route(service, answer));
}

async function answer(exchange: Exchange): Promise<void> {
	const { name = '' } = exchange.request.params as { name?: string };
	const stored = exchange.service.images.find(name);
	if (!stored) {
		await sendText(exchange, 404, 'text/plain', 'Not found');
		return;
	}
	resolvePictureDirectives(exchange, stored.directives, stored.promptKey);
	await exchange.wait(exchange.directives.number('latency', 'ms') ?? 0);
	if (exchange.isClosed || (await answerWithHttpFault(exchange))) return;
	const fault = exchange.directives.firstIn(pictureFaults);
	if (fault) await fault.entry.answer(exchange, stored.image, fault.directive);
	else await sendPicture(exchange, stored.image);
}

async function sendPicture(exchange: Exchange, image: OpenedImage): Promise<void> {
	const { length, chunks } = padPng(await renderPicture(image), image.totalBytes);
	const headers = { 'content-type': `image/${image.type}` };
	await sendBytes(exchange, { status: 200, headers, length }, chunks);
}
