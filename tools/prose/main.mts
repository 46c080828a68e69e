import path from 'node:path';

import { checkText } from './checkText.mts';
import { documentTexts } from './documentTexts.mts';
import { interfaceTexts } from './interfaceTexts.mts';

/** Checks spelling and grammar of all that people read; the exit code is 1 when there are mistakes. */
const root = path.resolve(import.meta.dirname, '../..');
const texts = [...(await documentTexts(root)), ...interfaceTexts()];
const mistakes: string[] = [];
for (const text of texts) mistakes.push(...(await checkText(text)));
for (const mistake of mistakes) console.log(mistake);
console.log(`Spelling and grammar: ${texts.length} texts, ${mistakes.length} mistakes`);
if (mistakes.length > 0) {
	console.log('A right word that is not known belongs into tools/prose/dictionary.mts.');
	process.exitCode = 1;
}
