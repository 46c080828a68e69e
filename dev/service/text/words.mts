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

/** The text's words, over again until there are `count`. */
export function stretchToWords(text: string, count: number): string {
	const words = text.split(/\s+/).filter(Boolean);
	return Array.from({ length: count }, (_, index) => words[index % words.length] ?? 'word').join(
		' ',
	);
}
