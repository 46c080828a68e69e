import { createHash } from 'node:crypto';

import { startLocalService } from '../../dev/service/index.mts';
import { answerText } from '../../dev/service/text.mts';

/** Images small enough to draw a thousand of them. */
export const SMALL_IMAGES = '[[size width=40 height=40]]';

/** The text with which the service answers a prompt when nothing goes wrong. */
export function expectedText(prompt: string): string {
	return answerText({ system: '', history: [], prompt, attachments: [], toolResults: [] });
}

export function hashOf(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** An image that was asked for, and the type it came in. */
export interface RequestedImage {
	prompt: string;
	mimeType: string;
}

/** The hashes of these images, as a plain client gets them from a service without faults. */
export async function expectedImages(asked: readonly RequestedImage[]): Promise<string[]> {
	const service = await startLocalService({ directives: SMALL_IMAGES });
	try {
		const hashes: string[] = [];
		for (const image of asked) hashes.push(hashOf(await draw(service.url, image)));
		return hashes;
	} finally {
		await service.close();
	}
}

async function draw(url: string, { prompt, mimeType }: RequestedImage): Promise<Uint8Array> {
	const response = await fetch(`${url}/v1/images/generations`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			model: 'gpt-image-1',
			prompt,
			output_format: mimeType.replace('image/', ''),
		}),
	});
	const { data } = (await response.json()) as { data: Array<{ b64_json: string }> };
	return Buffer.from(data[0]?.b64_json ?? '', 'base64');
}
