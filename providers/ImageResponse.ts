/** Pictures as a service answers them: links, or the bytes themselves. */
export class ImageResponse {
	/**
	 * @param images links: `http(s):` or `data:` URLs
	 * @param alt the prompt they were made from; a service may have revised it
	 * @param content instead of links, the bytes of one picture as they arrive. They must be read before
	 * the generator is asked for its next chunk.
	 */
	constructor(
		readonly images: readonly string[],
		readonly alt: string,
		readonly content?: AsyncIterable<Uint8Array>,
	) {}
}
