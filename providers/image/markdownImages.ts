/** What a text is without the images that it shows. */
export interface SplitText {
	text: string;
	/** In their order. */
	links: string[];
}

/** An image's description is no longer, in UTF-16 code units: so a search never goes far back. */
const MAX_ALT_LENGTH = 1000;

/**
 * Takes the images out of a text that it shows in Markdown, `![alt](link)` (CommonMark, 6.4); in linear time.
 * @param start with which their links begin, e.g. `data:image/`
 */
export function splitImages(text: string, start: string): SplitText {
	const links: string[] = [];
	const kept: string[] = [];
	// What was found ahead is kept: each search would begin anew for every link.
	let [from, end, space] = [0, 0, 0];
	for (let at = 0; (at = text.indexOf(`](${start}`, at)) >= 0; at += 2) {
		if (end < at) end = text.indexOf(')', at);
		if (end < 0) break;
		if (space < at) space = nextSpace(text, at);
		const nearest = Math.max(from, at - MAX_ALT_LENGTH);
		const before = text.slice(nearest, at);
		const opening = before.lastIndexOf('![');
		// After another link, the opening is that of an image before it.
		if (opening < 0 || space < end || before.includes('](', opening)) continue;
		kept.push(text.slice(from, nearest + opening));
		links.push(text.slice(at + 2, end));
		from = end + 1;
		at = end;
	}
	return { text: links.length === 0 ? text : [...kept, text.slice(from)].join('').trim(), links };
}

function nextSpace(text: string, from: number): number {
	const pattern = /\s/g;
	pattern.lastIndex = from;
	return pattern.exec(text)?.index ?? text.length;
}
