/** A stream over these parts; an error among them is thrown where it stands. */
export async function* streamOf<T>(...parts: Array<T | Error>): AsyncGenerator<T> {
	for (const part of parts) {
		if (part instanceof Error) throw part;
		yield part;
	}
}

/** A stream that reports how it ended. */
export function watched<T>(...parts: Array<T | Error>) {
	const state = { taken: 0, ended: false };
	async function* stream(): AsyncGenerator<T> {
		try {
			for (const part of parts) {
				if (part instanceof Error) throw part;
				state.taken += 1;
				yield part;
			}
		} finally {
			state.ended = true;
		}
	}
	return { state, stream: stream() };
}

/** Everything a stream yields. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
	const parts: T[] = [];
	for await (const part of stream) parts.push(part);
	return parts;
}
