import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Habit } from './tinyModel.mts';

/** The chat template (Jinja) that a model with this habit is given. */
export async function chatTemplate(habit: Habit): Promise<string> {
	const name = habit === 'thinks' ? 'think.jinja' : 'chat.jinja';
	const text = await readFile(path.join(import.meta.dirname, 'templates', name), 'utf8');
	return text.trimEnd();
}
