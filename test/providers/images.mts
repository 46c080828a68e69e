import type { AsyncGeneratorProvider } from '../../providers/AsyncGeneratorProvider.ts';
import { ProviderError } from '../../providers/errors.ts';
import type { OpenedImage } from '../../providers/image/openImage.ts';
import type { GenerateOptions } from '../../providers/types.ts';

/** An image that was read to its end. */
export type ReadImage = Pick<OpenedImage, 'mimeType' | 'width' | 'height'> & { size: number };

/** What came of asking for images. */
export interface Drawing {
	images: ReadImage[];
	links: string[];
	error?: ProviderError;
}

/** Asks for images and reads each as it comes, as the Image operation does. */
export async function draw(
	provider: AsyncGeneratorProvider,
	model: string,
	prompt: string,
	{ largest, ...options }: GenerateOptions & { largest?: number } = {},
): Promise<Drawing> {
	const drawing: Drawing = { images: [], links: [] };
	const messages = [{ role: 'user' as const, content: prompt }];
	const { signal } = options;
	try {
		for await (const chunk of provider.createAsyncGenerator(model, messages, options)) {
			if (chunk.type !== 'image') continue;
			const { images, content } = chunk.image;
			drawing.links.push(...images);
			for (const source of content === undefined ? images : [content]) {
				drawing.images.push(await read(await provider.openImage(source, { signal, largest })));
			}
		}
	} catch (error) {
		if (!(error instanceof ProviderError)) throw error;
		drawing.error = error;
	}
	return drawing;
}

async function read({ bytes, mimeType, width, height }: OpenedImage): Promise<ReadImage> {
	let size = 0;
	for await (const chunk of bytes) size += chunk.length;
	return { mimeType, size, ...(width && { width }), ...(height && { height }) };
}

/** The failure of a drawing that must not succeed. */
export function drawingFailure({ error, images }: Drawing): ProviderError {
	if (error !== undefined) return error;
	throw new Error(`The images passed for complete: ${JSON.stringify(images)}`);
}
