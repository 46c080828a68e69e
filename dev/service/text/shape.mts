import type { Directives } from '../directives/directive.mts';
import { answerText } from './answer.mts';
import type { Conversation } from './conversation.mts';
import { splitIntoCount, splitIntoWords, stretchToWords } from './words.mts';

/** The answer as the settings `text` and `words` want it. */
export function shapeText(conversation: Conversation, directives: Directives): string {
	const verbatim = directives.text('text', 'value');
	if (verbatim !== undefined) return verbatim;
	const text = answerText(conversation);
	const count = directives.number('words', 'count');
	return count === undefined ? text : stretchToWords(text, count);
}

/** The fragments as the setting `fragments` wants them; word by word without it. */
export function shapeFragments(text: string, directives: Directives): string[] {
	const count = directives.number('fragments', 'count');
	return count === undefined ? splitIntoWords(text) : splitIntoCount(text, count);
}
