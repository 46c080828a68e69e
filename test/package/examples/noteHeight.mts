/** As n8n's editor writes a note, measured in n8n 2.41.1 with its own font; all in pixels of the canvas. */
const PADDING = 16;
const CHARACTER = 6.7;
const LINE = 19;
const GAP = 8;
const HEADING = { character: 11.5, line: 32 };

/** About how high a note has to be for its text, which is Markdown without lists. */
export function noteHeight(markdown: string, width: number): number {
	const paragraphs = markdown.split(/\n\n+/).map((text) => paragraphHeight(text, width));
	return 2 * PADDING + paragraphs.reduce((sum, height) => sum + height + GAP, -GAP);
}

function paragraphHeight(text: string, width: number): number {
	const isHeading = text.startsWith('#');
	const { character, line } = isHeading ? HEADING : { character: CHARACTER, line: LINE };
	const wide = text.replace(/`([^`]*)`/g, (_, code: string) => widened(code));
	const plain = wide.replace(/^#+ |\*/g, '');
	return line * countLines(plain, Math.floor((width - 2 * PADDING) / character));
}

/** The letters of code are a quarter wider. */
function widened(code: string): string {
	return code + 'x'.repeat(Math.ceil(code.length / 4));
}

function countLines(text: string, longest: number): number {
	let lines = 1;
	let length = 0;
	for (const word of text.split(' ')) {
		if (length > 0 && length + 1 + word.length > longest) {
			lines += 1;
			length = 0;
		}
		length += word.length + (length > 0 ? 1 : 0);
	}
	return lines;
}
