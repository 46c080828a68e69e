import { ProviderError } from '../errors';

/**
 * A body as text (UTF-8, a byte order mark dropped).
 * @param limit bytes
 * @throws ProviderError `refused` when the body is larger
 */
export async function readText(body: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
	const decoder = new TextDecoder('utf-8');
	const parts: string[] = [];
	let size = 0;
	for await (const bytes of body) {
		size += bytes.length;
		if (size > limit) {
			throw new ProviderError('refused', `The service's answer is larger than ${limit} bytes`);
		}
		parts.push(decoder.decode(bytes, { stream: true }));
	}
	return [...parts, decoder.decode()].join('');
}
