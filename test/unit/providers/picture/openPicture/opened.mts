import { expect } from 'vitest';

import { openLink, type OpenPictureOptions } from '../../../../../providers/picture/openPicture.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { type MemoryAnswer, MemoryTransport } from '../../../../support/memoryTransport.mts';
import * as files from '../../../../support/pictures.mts';
import { collect } from '../../../../support/streams.mts';

export const SERVICE = 'https://ai-chats.org/base';
export const LINK = 'https://cdn.example/image.png';
export const PNG = files.png(640, 480);

export async function opened(answers: MemoryAnswer[], link = LINK, options?: OpenPictureOptions) {
	const transport = new MemoryTransport(answers);
	return { transport, picture: await openLink(transport, SERVICE, link, options) };
}

export async function refusedPicture(
	answers: MemoryAnswer[],
	link = LINK,
	options?: OpenPictureOptions,
) {
	const transport = new MemoryTransport(answers);
	const error = await providerErrorOf(() => openLink(transport, SERVICE, link, options));
	expect(transport.letGoOfAll).toBe(true);
	return error;
}

export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
	return Buffer.concat(await collect(stream));
}

/** A picture of this many bytes in chunks of 64 KB. */
export function large(bytes: number): MemoryAnswer {
	const chunks = Array.from({ length: bytes / 65_536 }, () => new Uint8Array(65_536));
	chunks[0]?.set(PNG);
	return { chunks };
}
