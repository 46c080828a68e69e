import type { DrawnImage } from '../../dev/service/images/image.mts';
import { imageBytes } from '../../dev/service/images/routes.mts';

/** The file that the service draws for a prompt: what an item's binary must be, byte for byte. */
export async function drawn(prompt: string, more: Partial<DrawnImage> = {}): Promise<Buffer> {
	const plain = { note: '', width: 48, height: 32, type: 'png', transparent: false } as const;
	return await imageBytes({ ...plain, prompt, ...more });
}

/** An input item with a small image in each of the fields. */
export async function itemWithImages(fields: Record<string, Partial<DrawnImage>>) {
	const pairs = Object.entries(fields).map(async ([name, more]) => {
		const type = more.type ?? 'png';
		const data = (await drawn(name, more)).toString('base64');
		return [name, { data, mimeType: `image/${type}`, fileName: `${name}.${type}` }] as const;
	});
	return { json: {}, binary: Object.fromEntries(await Promise.all(pairs)) };
}
