import { ProviderError } from '../errors';
import type { Picture } from './Picture';

/** A picture, read to its end, as a `data:` URL. */
export async function toDataUrl({ bytes, mimeType }: Picture): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of bytes) chunks.push(chunk);
	return `data:${mimeType};base64,${Buffer.concat(chunks).toString('base64')}`;
}

/**
 * The bytes of a `data:` URL (RFC 2397), base64 or percent-encoded.
 * @throws ProviderError `protocol` for a malformed one
 */
export function decodeDataUrl(url: string): Uint8Array {
	const comma = url.indexOf(',');
	if (comma < 0) throw new ProviderError('protocol', 'The service sent a data: URL without data');
	const content = url.slice(comma + 1);
	if (/;base64$/i.test(url.slice(0, comma))) return Buffer.from(content, 'base64');
	const bytes = Buffer.from(content, 'utf8').toString('latin1');
	const decoded = bytes.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
		String.fromCharCode(parseInt(code, 16)),
	);
	return Buffer.from(decoded, 'latin1');
}
