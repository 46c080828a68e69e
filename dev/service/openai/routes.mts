import type { FastifyInstance } from 'fastify';

import type { Exchange } from '../exchange.mts';
import { prepareAnswer } from '../respond.mts';
import { route } from '../route.mts';
import type { ServiceContext } from '../serviceContext.mts';
import { sendJson } from '../wire/whole.mts';
import { checkKey } from './access.mts';
import { answerChatCompletion } from './chat.mts';
import { openAiError } from './errors.mts';
import { answerImageEdit, answerImageGeneration } from './images.mts';
import { modelList } from './models.mts';
import { answerResponse } from './responses.mts';

/** With and without `/v1`: people write both into a base URL. */
export function registerOpenAiRoutes(app: FastifyInstance, service: ServiceContext): void {
	for (const prefix of ['/v1', '']) {
		app.get(`${prefix}/models`, guarded(service, answerModels));
		app.post(`${prefix}/chat/completions`, guarded(service, answerChatCompletion));
		app.post(`${prefix}/responses`, guarded(service, answerResponse));
		app.post(`${prefix}/images/generations`, guarded(service, answerImageGeneration));
		app.post(`${prefix}/images/edits`, guarded(service, answerImageEdit));
	}
}

function guarded(service: ServiceContext, answer: (exchange: Exchange) => Promise<void>) {
	return route(service, async (exchange) => {
		if (await checkKey(exchange)) await answer(exchange);
	});
}

async function answerModels(exchange: Exchange): Promise<void> {
	if (!(await prepareAnswer(exchange, ''))) return;
	if (!exchange.directives.has('no-models')) {
		await sendJson(exchange, 200, modelList);
		return;
	}
	const error = openAiError('Not Found', 'invalid_request_error', 'unknown_url');
	await sendJson(exchange, 404, error);
}
