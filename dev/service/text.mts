import type { Directives } from './directives.mts';

/** Word by word; the white space before a word belongs to it, that at the end to the last. */
export function splitIntoWords(text: string): string[] {
	return text.match(/\s*\S+(?:\s+$)?|^\s+$/g) ?? [];
}

/** Exactly `count` fragments, as equal as they can be; short texts give empty ones at the end. */
export function splitIntoCount(text: string, count: number): string[] {
	const characters = [...text];
	const size = characters.length / count;
	return Array.from({ length: count }, (_, index) =>
		characters.slice(Math.round(index * size), Math.round((index + 1) * size)).join(''),
	);
}

/** The words of the text, repeated until there are `count`. */
export function stretchToWords(text: string, count: number): string {
	const words = text.split(/\s+/).filter(Boolean);
	return Array.from({ length: count }, (_, index) => words[index % words.length] ?? 'word').join(
		' ',
	);
}

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Attachment {
	mediaType: string;
	bytes: number;
	/** Of files that are not images: their name, if any, and their SHA-256 in hexadecimal. */
	name?: string;
	hash?: string;
}

export interface Turn {
	role: Role;
	text: string;
	attachments?: Attachment[];
}

/** What the answer is made from, whichever protocol it came by. */
export interface Conversation {
	system: string;
	/** User and assistant turns before the prompt. */
	history: Turn[];
	prompt: string;
	attachments: Attachment[];
	/** Results that came back after a tool call, when the last turns are such. */
	toolResults: string[];
}

export function toConversation(turns: Turn[]): Conversation {
	const system = turns.filter((turn) => turn.role === 'system').map((turn) => turn.text);
	const spoken = turns.filter((turn) => turn.role !== 'system');
	const last = spoken.findLastIndex((turn) => turn.role === 'user');
	const prompt = spoken[last];
	return {
		system: system.join('\n'),
		history: spoken.slice(0, Math.max(last, 0)).filter((turn) => turn.role !== 'tool'),
		prompt: prompt?.text ?? '',
		attachments: prompt?.attachments ?? [],
		toolResults: spoken.at(-1)?.role === 'tool' ? toolResultsOf(spoken.slice(last + 1)) : [],
	};
}

function toolResultsOf(turns: Turn[]): string[] {
	return turns.filter((turn) => turn.role === 'tool').map((turn) => turn.text);
}

/**
 * The text a conversation is answered with. No model is run: everything that arrived is
 * said back, so that a test can see it, and the words still serve as an image prompt.
 */
export function answerText(conversation: Conversation): string {
	const lines = conversation.toolResults.length
		? conversation.toolResults.map((result) => `The tool answered: ${result}`)
		: describe(conversation.prompt);
	if (conversation.attachments.length) lines.push(attachmentSentence(conversation.attachments));
	const [first] = conversation.history;
	if (first) lines.push(historySentence(conversation.history.length, first.text));
	if (conversation.system) lines.push(`The system message says: "${conversation.system}".`);
	return lines.join('\n');
}

function describe(prompt: string): string[] {
	return [
		`A picture of ${prompt}: soft morning light, calm colours, every detail clear.`,
		'The view is wide, with room around the subject and a low horizon.',
	];
}

function attachmentSentence(attachments: Attachment[]): string {
	const list = attachments.map(({ mediaType, bytes, name, hash }) => {
		const title = name === undefined ? '' : ` "${name}"`;
		const sum = hash === undefined ? '' : ` (SHA-256 ${hash})`;
		return `${mediaType}${title} of ${bytes} bytes${sum}`;
	});
	const noun = attachments.some(({ hash }) => hash !== undefined) ? 'file' : 'image';
	const plural = attachments.length === 1 ? '' : 's';
	return `It came with ${attachments.length} ${noun}${plural}: ${list.join(', ')}.`;
}

function historySentence(count: number, first: string): string {
	const turns = count === 1 ? 'was 1 earlier turn' : `were ${count} earlier turns`;
	return `There ${turns}; the first said: "${first}".`;
}

/** The answer that the settings `text` and `words` ask for. */
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
