import type { FastifyInstance } from 'fastify';

import type { Exchange } from '../exchange.mts';
import { sendCaptcha } from '../faults/httpFaults.mts';
import { prepareAnswer, promptOf } from '../respond.mts';
import { route } from '../route.mts';
import type { ServiceContext } from '../serviceContext.mts';
import { sendJson } from '../wire/whole.mts';
import { answerChat } from './chat.mts';
import { answerImage } from './image.mts';
import { readAiChatsRequest } from './request.mts';

export function registerAiChatsRoutes(app: FastifyInstance, service: ServiceContext): void {
	app.post('/chat/send2', route(service, answer));
}

async function answer(exchange: Exchange): Promise<void> {
	const { headers, origin } = exchange.record;
	const { cookie } = exchange.service.options;
	if (cookie && origin === 'service' && headers.cookie !== cookie) {
		await sendCaptcha(exchange);
		return;
	}
	const request = readAiChatsRequest(headers['content-type'] ?? '', exchange.body);
	if (typeof request === 'string') {
		await sendJson(exchange, 400, { error: request });
		return;
	}
	if (!(await prepareAnswer(exchange, promptOf(request.turns)))) return;
	await (request.type === 'chat' ? answerChat : answerImage)(exchange, request.turns);
}
