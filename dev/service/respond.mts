import {
	type Directive,
	Directives,
	drawChaos,
	extractDirectives,
	numberParameter,
	parseDirectives,
} from './directives.mts';
import type { Exchange } from './exchange.mts';
import { answerWithHttpFault, landedMark } from './faults/http.mts';
import { isFault, isForImage, isKnown } from './faults/table.mts';
import { limitHeaders } from './limiter.mts';
import { openAiError } from './openai/errors.mts';
import type { MultipartPart } from './recording.mts';
import type { Turn } from './text.mts';
import { sendJson } from './wire/send.mts';

/**
 * Settles which directives this request is answered by: its prompt's, its header's, those of
 * the service, and chaos.
 *
 * @returns false when one of them is unknown; then the request has been answered.
 */
export async function resolveDirectives(
	exchange: Exchange,
	promptDirectives: readonly Directive[],
	promptKey: string,
): Promise<boolean> {
	exchange.promptKey = promptKey;
	const header = parseDirectives(String(exchange.record.headers['x-stand-in'] ?? ''));
	const all = [...promptDirectives, ...header, ...exchange.service.standing, ...chaos(exchange)];
	const unknown = all.find((directive) => !isKnown(directive));
	if (unknown) {
		const message = `The stand-in knows no directive "${unknown.name}".`;
		await sendJson(exchange, 400, openAiError(message, 'invalid_request_error', 'stand_in'));
		return false;
	}
	exchange.imageDirectives = new Directives(all.filter(isForImage));
	inForce(
		exchange,
		all.filter((directive) => !isForImage(directive)),
	);
	return true;
}

/** For the GET of an image: what its URL remembers, and the request's header. */
export function resolveImageDirectives(
	exchange: Exchange,
	remembered: readonly Directive[],
	promptKey: string,
): void {
	exchange.promptKey = promptKey;
	const header = parseDirectives(String(exchange.record.headers['x-stand-in'] ?? ''));
	inForce(exchange, [...remembered, ...header.filter(isKnown)]);
}

function inForce(exchange: Exchange, directives: Directive[]): void {
	const landed = exchange.record.path.includes(landedMark);
	const kept = directives.filter(
		(directive) =>
			!(landed && /redirect$/.test(directive.name)) &&
			!isForOtherModel(exchange, directive) &&
			!isUsedUp(exchange, directive),
	);
	exchange.directives = new Directives(kept);
	const fault = kept.find(isFault);
	if (fault) exchange.record.fault = fault.name;
}

/** `model=NAME` restricts a directive to the requests for that model. */
function isForOtherModel({ body }: Exchange, { parameters: { model } }: Directive): boolean {
	if (model === undefined) return false;
	const form = Array.isArray(body) ? (body as MultipartPart[]) : [];
	const field = form.find(({ name }) => name === 'model')?.bytes.toString();
	return model !== (field ?? (body as { model?: unknown } | undefined)?.model);
}

function isUsedUp(exchange: Exchange, directive: Directive): boolean {
	const times = numberParameter(directive, 'times');
	if (times === undefined) return false;
	const key = `${exchange.record.method} ${directive.name} ${exchange.promptKey}`;
	return exchange.service.attempts.next(key) > times;
}

function chaos(exchange: Exchange): Directive[] {
	const { service, promptKey } = exchange;
	if (!service.options.chaos) return [];
	return drawChaos(service.options.chaos, promptKey, service.attempts.next(`chaos ${promptKey}`));
}

/**
 * Does what comes before every answer: directives, latency, faults that replace it.
 *
 * @param prompt the text in which directives may stand
 * @returns false when the request has been answered or its client is gone
 */
export async function prepareAnswer(exchange: Exchange, prompt: string): Promise<boolean> {
	if (await refuseByLimit(exchange)) return false;
	const { directives } = extractDirectives(prompt);
	if (!(await resolveDirectives(exchange, directives, prompt || exchange.record.path)))
		return false;
	const { latencyMilliseconds = 0 } = exchange.service.options;
	await exchange.wait(exchange.directives.number('latency', 'ms') ?? latencyMilliseconds);
	const cost = exchange.directives.text('cost-header', 'value');
	if (cost !== undefined) exchange.raw.setHeader('x-litellm-response-cost', cost);
	return !exchange.isClosed && !(await answerWithHttpFault(exchange));
}

async function refuseByLimit(exchange: Exchange): Promise<boolean> {
	const { options, takeLimit } = exchange.service;
	if (!options.limit || !takeLimit || exchange.record.method !== 'POST') return false;
	const verdict = takeLimit();
	for (const [name, value] of Object.entries(limitHeaders(options.limit, verdict))) {
		exchange.raw.setHeader(name, value);
	}
	if (verdict.wait === 0) return false;
	exchange.record.fault = 'limit';
	const message = `Rate limit reached. Limit: ${options.limit.requests} requests.`;
	await sendJson(exchange, 429, openAiError(message, 'requests', 'rate_limit_exceeded'));
	return true;
}

/** The last user turn's text, as it came. */
export function promptOf(turns: Turn[]): string {
	return turns.findLast((turn) => turn.role === 'user')?.text ?? '';
}

/** The turns as an answer may quote them. */
export function withoutDirectives(turns: Turn[]): Turn[] {
	return turns.map((turn) => ({ ...turn, text: extractDirectives(turn.text).text }));
}
