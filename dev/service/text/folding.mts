import type { Role, Turn } from './conversation.mts';

const line = /^(System|User|Assistant|Tool): ?(.*)$/s;

/** Undoes prompt folding; a text that is not folded is one user turn. */
export function unfold(text: string): Turn[] {
	const lines = text.split('\n');
	const folded = lines.length > 1 && lines.at(-1) === 'Assistant:' && line.test(lines[0] ?? '');
	return folded ? unfoldLines(lines.slice(0, -1)) : [{ role: 'user', text }];
}

function unfoldLines(lines: string[]): Turn[] {
	const turns: Turn[] = [];
	for (const current of lines) {
		const [, role, content] = line.exec(current) ?? [];
		const last = turns.at(-1);
		if (role !== undefined) turns.push({ role: role.toLowerCase() as Role, text: content ?? '' });
		else if (last) last.text += `\n${current}`;
	}
	return turns;
}
