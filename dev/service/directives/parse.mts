import type { Directive } from './directive.mts';

const value = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s\]"]+)`;
const one = String.raw`([a-z][a-z0-9-]*)((?:\s+[a-z-]+=${value})*)`;
const bracketed = new RegExp(String.raw`\[\[\s*${one}\s*\]\]`, 'g');
const bare = new RegExp(`^${one}$`);

/** Takes the `[[…]]` out of a text. The text's ends are trimmed only when there was one. */
export function extractDirectives(text: string): { text: string; directives: Directive[] } {
	if (!text.includes('[[')) return { text, directives: [] };
	const directives: Directive[] = [];
	const rest = text.replace(bracketed, (_, name: string, parameters: string) => {
		directives.push({ name, parameters: parseParameters(parameters) });
		return '';
	});
	return directives.length ? { text: rest.trim(), directives } : { text, directives };
}

/** For headers and options: several in brackets, or a single one without. */
export function parseDirectives(text: string | undefined): Directive[] {
	if (!text) return [];
	const [, name, parameters] = bare.exec(text.trim()) ?? [];
	if (name !== undefined) return [{ name, parameters: parseParameters(parameters ?? '') }];
	return extractDirectives(text).directives;
}

function parseParameters(text: string): Record<string, string> {
	const pairs = text.matchAll(new RegExp(String.raw`([a-z-]+)=(${value})`, 'g'));
	return Object.fromEntries([...pairs].map(([, key, raw]) => [key ?? '', unquote(raw ?? '')]));
}

function unquote(raw: string): string {
	if (!raw.startsWith('"')) return raw;
	try {
		return String(JSON.parse(raw));
	} catch {
		// Not valid JSON (a raw line break, say): the text between the quotes is meant.
		return raw.slice(1, -1);
	}
}
