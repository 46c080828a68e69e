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
	let from = 0;
	for (let at = 0; (at = text.indexOf(`](${start}`, at)) >= 0; at += 2) {
		const end = text.indexOf(')', at);
		if (end < 0) break;
		const nearest = Math.max(from, at - MAX_ALT_LENGTH);
		const opening = text.slice(nearest, at).lastIndexOf('![');
		const link = text.slice(at + 2, end);
		if (opening < 0 || /\s/.test(link)) continue;
		kept.push(text.slice(from, nearest + opening));
		links.push(link);
		from = end + 1;
	}
	return { text: links.length === 0 ? text : [...kept, text.slice(from)].join('').trim(), links };
}
