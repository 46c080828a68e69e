/** Cuts the text before the first stop sequence. */
export function stopAt(text: string, stop: unknown): string {
	const sequences = (Array.isArray(stop) ? stop : [stop]).filter(
		(sequence): sequence is string => typeof sequence === 'string' && sequence !== '',
	);
	const ends = sequences.map((sequence) => text.indexOf(sequence)).filter((index) => index >= 0);
	return ends.length ? text.slice(0, Math.min(...ends)) : text;
}

/** At most `limit` fragments: a fragment passes for a token here. */
export function limitWords(
	fragments: string[],
	limit: unknown,
): { fragments: string[]; isCut: boolean } {
	if (typeof limit !== 'number' || fragments.length <= limit) return { fragments, isCut: false };
	return { fragments: fragments.slice(0, limit), isCut: true };
}
