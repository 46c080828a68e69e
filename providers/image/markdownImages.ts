/** What a text is without the images that it shows. */
export interface SplitText {
	text: string;
	/** In their order. */
	links: string[];
}

/** Brackets, and escapes, which are none. */
const BRACKET = /\\[!-~]|!?\[|\](?:\(\s*)?/g;
/** What a destination ends with, or nests in. None holds another link: so none is read twice. */
const BARE = /\\[!-~]|[\s()]|\]\(/g;
const ANGLED = /\\[!-~]|[<>\n]/g;
/** After a destination. Titles are short: what is longer is an attack. */
const TITLE_AND_END =
	/(?:\s+(?:"(?:\\.|[^"\\]){0,1000}"|'(?:\\.|[^'\\]){0,1000}'|\((?:\\.|[^()\\]){0,1000}\)))?\s*\)/sy;

/**
 * Takes the images out of a text that it shows in Markdown, `![alt](link "title")` (CommonMark, 6.4; inline
 * ones alone, in code too); in linear time.
 * @param start with which their links begin
 */
export function splitImages(text: string, start: RegExp): SplitText {
	const links: string[] = [];
	const kept: string[] = [];
	// Where the brackets that are open begin an image; -1 for those of links.
	const openings: number[] = [];
	let [from, end] = [0, 0];
	for (const { 0: mark, index } of text.matchAll(BRACKET)) {
		if (index < end || mark.startsWith('\\')) continue;
		if (mark.endsWith('[')) openings.push(mark === '![' ? index : -1);
		else {
			const opening = openings.pop();
			const link =
				mark === ']' || opening === undefined ? undefined : linkAt(text, index + mark.length);
			if (link === undefined) continue;
			end = link.end;
			if (opening === undefined || opening < from || !start.test(link.url)) continue;
			kept.push(text.slice(from, opening));
			links.push(link.url);
			from = end;
		}
	}
	return { text: links.length === 0 ? text : [...kept, text.slice(from)].join('').trim(), links };
}

/** A destination, bare or in angle brackets, up to the parenthesis after it. */
function linkAt(text: string, after: number): { url: string; end: number } | undefined {
	const isAngled = text[after] === '<';
	const from = isAngled ? after + 1 : after;
	const to = destinationEnd(text, from, isAngled ? ANGLED : BARE);
	if (isAngled && text[to] !== '>') return undefined;
	TITLE_AND_END.lastIndex = isAngled ? to + 1 : to;
	if (to < 0 || !TITLE_AND_END.test(text)) return undefined;
	const url = text
		.slice(from, to)
		.replace(/\\([!-/:-@[-`{-~])|&amp;/g, (_, escaped?: string) => escaped ?? '&');
	return { url, end: TITLE_AND_END.lastIndex };
}

/** Where it ends; -1 where its parentheses do not. */
function destinationEnd(text: string, from: number, stops: RegExp): number {
	const pattern = new RegExp(stops);
	pattern.lastIndex = from;
	let depth = 0;
	for (let found; (found = pattern.exec(text)) !== null; ) {
		const [mark] = found;
		if (mark === '(') depth++;
		else if (mark === ')' && depth > 0) depth--;
		else if (!mark.startsWith('\\')) return depth === 0 ? found.index : -1;
	}
	return -1;
}
