import type { ChaosOptions } from './options.mts';

export interface Directive {
	name: string;
	parameters: Record<string, string>;
}

/** The directives that one request is answered with. If a name occurs twice, the first counts. */
export class Directives {
	constructor(readonly list: readonly Directive[] = []) {}

	find(name: string): Directive | undefined {
		return this.list.find((directive) => directive.name === name);
	}

	has(name: string): boolean {
		return this.find(name) !== undefined;
	}

	number(name: string, key: string): number | undefined {
		return numberParameter(this.find(name), key);
	}

	text(name: string, key: string): string | undefined {
		return this.find(name)?.parameters[key];
	}

	/** The first that the table has, with its entry. */
	firstIn<Entry>(table: Record<string, Entry>): { entry: Entry; directive: Directive } | undefined {
		for (const directive of this.list) {
			const entry = Object.hasOwn(table, directive.name) ? table[directive.name] : undefined;
			if (entry) return { entry, directive };
		}
		return undefined;
	}

	filter(keep: (directive: Directive) => boolean): Directives {
		return new Directives(this.list.filter(keep));
	}
}

export function numberParameter(directive: Directive | undefined, key: string): number | undefined {
	const value = directive?.parameters[key];
	return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
}

const value = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s\]"]+)`;
const one = String.raw`([a-z][a-z0-9-]*)((?:\s+[a-z-]+=${value})*)`;
const bracketed = new RegExp(String.raw`\[\[\s*${one}\s*\]\]`, 'g');
const bare = new RegExp(`^${one}$`);

/** Removes the `[[…]]` from a text, which is trimmed only if there was one. */
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

export interface Explained {
	usage: string;
	explanation: string;
}

function setting(usage: string, explanation: string): Explained {
	return { usage, explanation };
}

/** Not faults, but properties of a good answer. Read where the answer is created. */
export const settings: Record<string, Explained> = {
	pace: setting('pace ms=N', 'milliseconds between two fragments'),
	latency: setting('latency ms=N', 'milliseconds before the answer begins'),
	size: setting('size width=N height=N', 'the image in pixels'),
	bytes: setting('bytes total=N', 'the PNG is padded to exactly so many bytes'),
	format: setting('format type=png|jpeg|webp|gif|avif', 'the encoding of the image'),
	words: setting('words count=N', 'an answer of so many words'),
	fragments: setting('fragments count=N', 'the answer comes in so many fragments'),
	text: setting('text value="…"', 'this answer word for word; the value is a JSON string'),
	finish: setting('finish reason=NAME', 'OpenAI: this finish_reason'),
	images: setting('images count=N', 'so many images in the answer'),
	usage: setting('usage input=N output=N cost=N', 'these tokens, and this cost in US dollars'),
	'cost-header': setting('cost-header value=N', "LiteLLM's header with the cost in US dollars"),
	url: setting('url kind=absolute|relative|data', 'the form of the image URL'),
	place: setting('place where=images|content|markdown', 'where a chat answer puts its images'),
	sources: setting(
		'sources where=annotations|citations|search_results',
		'where a chat answer that searched the web names what it found',
	),
	link: setting('link value="…"', 'this string as the image URL'),
	drip: setting('drip bytes=N', 'the body in network writes of so many bytes'),
};

/** Endings of an OpenAI answer that its protocol code writes itself. */
export const openAiEndings: Record<string, Explained> = {
	refusal: setting('refusal', 'OpenAI: the model refuses, in the field `refusal`'),
	'no-finish': setting('no-finish', 'OpenAI: a clean close, no finish_reason and no [DONE]'),
	'no-done': setting('no-done', 'OpenAI: finish_reason but no [DONE]'),
};

/**
 * Draws for one request. The seed is mixed with the prompt and the attempt rather than with
 * the order of arrival, which is never the same twice when requests run in parallel.
 */
export function drawChaos(chaos: ChaosOptions, prompt: string, attempt: number): Directive[] {
	if (chaos.faults.length === 0) return [];
	const next = generator(hash(`${chaos.seed} ${attempt} ${prompt}`));
	if (next() >= chaos.rate) return [];
	return parseDirectives(chaos.faults[Math.floor(next() * chaos.faults.length)]);
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
	let state = 0x811c9dc5;
	for (let index = 0; index < text.length; index += 1) {
		state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
	}
	return state >>> 0;
}

/** mulberry32: numbers from 0 inclusive to 1 exclusive. */
function generator(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
