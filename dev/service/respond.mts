import { resolveDirectives } from './directives/resolve.mts';
import { extractDirectives } from './directives/parse.mts';
import type { Exchange } from './exchange.mts';
import { answerWithHttpFault } from './faults/httpFaults.mts';
import type { Turn } from './text/conversation.mts';

/**
 * Does what comes before every answer: directives, latency, faults that replace it.
 *
 * @param prompt the text in which directives may stand
 * @returns false when the request has been answered or its client is gone
 */
export async function prepareAnswer(exchange: Exchange, prompt: string): Promise<boolean> {
	const { directives } = extractDirectives(prompt);
	if (!(await resolveDirectives(exchange, directives, prompt || exchange.record.path)))
		return false;
	const { latencyMilliseconds = 0 } = exchange.service.options;
	await exchange.wait(exchange.directives.number('latency', 'ms') ?? latencyMilliseconds);
	return !exchange.isClosed && !(await answerWithHttpFault(exchange));
}

/** The last user turn's text, as it came. */
export function promptOf(turns: Turn[]): string {
	return turns.findLast((turn) => turn.role === 'user')?.text ?? '';
}

/** The turns as an answer may quote them. */
export function withoutDirectives(turns: Turn[]): Turn[] {
	return turns.map((turn) => ({ ...turn, text: extractDirectives(turn.text).text }));
}
