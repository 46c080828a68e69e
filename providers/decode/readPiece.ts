/** What one piece of a body brought. */
export interface PieceResult<Chunk> {
	chunks: Chunk[];
	/** Why it could not be read to its end. What came before counts all the same. */
	failure?: { error: unknown };
}

/** Reads all parts of a piece at once. Never throws. */
export function readPiece<Part, Chunk>(
	parts: readonly Part[],
	read: (part: Part) => Iterable<Chunk>,
): PieceResult<Chunk> {
	const chunks: Chunk[] = [];
	try {
		for (const part of parts) {
			for (const chunk of read(part)) chunks.push(chunk);
		}
	} catch (error) {
		return { chunks, failure: { error } };
	}
	return { chunks };
}
