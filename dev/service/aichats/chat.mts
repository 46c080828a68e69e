import { alterAnswer, answerFaults } from '../faults/answerFaults.mts';
import type { Exchange } from '../exchange.mts';
import { withoutDirectives } from '../respond.mts';
import { toConversation, type Turn } from '../text/conversation.mts';
import { shapeFragments, shapeText } from '../text/shape.mts';
import { streamAnswer } from '../wire/streamAnswer.mts';
import { sendJson } from '../wire/whole.mts';

/** Streams the answer's text, one fragment per `data:` line. */
export async function answerChat(exchange: Exchange, turns: Turn[]): Promise<void> {
	const { directives } = exchange;
	if (directives.firstIn(answerFaults)) {
		await sendJson(exchange, 200, alterAnswer(directives, { data: [] }));
		return;
	}
	const text = shapeText(toConversation(withoutDirectives(turns)), directives);
	const fragments = directives.has('split-newline')
		? splitAtEscapes(text)
		: shapeFragments(text, directives).map(escapeLineBreaks);
	const ending = directives.has('done') ? ['[DONE]'] : [];
	const encode = escapeLineBreaks;
	await streamAnswer(exchange, { protocol: 'aichats', opening: [], fragments, ending, encode });
}

function escapeLineBreaks(text: string): string {
	return text.replace(/\r?\n/g, String.raw`\n`);
}

function splitAtEscapes(text: string): string[] {
	return escapeLineBreaks(text).split(/(?<=\\)(?=n)|(?<=\\n)/);
}
