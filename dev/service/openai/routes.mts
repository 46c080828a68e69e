import type { FastifyInstance } from 'fastify';

import { type Exchange, route, type ServiceContext } from '../exchange.mts';
import { prepareAnswer } from '../respond.mts';
import { sendJson } from '../wire/send.mts';
import { answerChatCompletion } from './chat.mts';
import { modelList, openAiError } from './errors.mts';
import { answerImageEdit, answerImageGeneration } from './images.mts';
import { answerResponse } from './responses.mts';

/** @returns false when the key is wrong; then the request has been answered with 401. */
export async function checkKey(exchange: Exchange): Promise<boolean> {
	const { headers, origin } = exchange.record;
	const { apiKey } = exchange.service.options;
	if (!apiKey || origin !== 'service' || headers.authorization === `Bearer ${apiKey}`) return true;
	const message = headers.authorization
		? `Incorrect API key provided: ${masked(headers.authorization)}.`
		: "You didn't provide an API key.";
	await sendJson(exchange, 401, openAiError(message, 'invalid_request_error', 'invalid_api_key'));
	return false;
}

// Masked as the provider does it, so that clients are tested against the real wording.
function masked(authorization: string): string {
	const key = authorization.replace(/^Bearer /i, '');
	return key.length > 8 ? `${key.slice(0, 3)}***${key.slice(-4)}` : '***';
}

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
