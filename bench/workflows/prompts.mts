/**
 * Prompts, all different, as a cache would otherwise help.
 * @param directives what the stand-in is asked for, e.g. `[[latency ms=200]]`
 */
export function prompts(count: number, directives = ''): string[] {
	return Array.from({ length: count }, (_, index) =>
		`A kite, number ${index + 1} ${directives}`.trim(),
	);
}

const MEGABYTE = 1024 * 1024;

/** Prompts for images of exactly so many MB. What is to be drawn is small, and drawn once. */
export function images(count: number, megabytes: number): { items: string[]; fileBytes: number } {
	const fileBytes = megabytes * MEGABYTE;
	const prompt = `A kite [[size width=64 height=64]][[bytes total=${fileBytes}]]`;
	return { items: Array.from({ length: count }, () => prompt), fileBytes };
}

/** Earlier turns of a conversation. */
export function history(count: number): Array<{ role: string; content: string }> {
	return Array.from({ length: count }, (_, index) => ({
		role: index % 2 === 0 ? 'user' : 'assistant',
		content: `Message ${index + 1} of what was said before, about kites and the wind.`,
	}));
}
