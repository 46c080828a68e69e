import type { OpenedImage } from '../pictures/picture.mts';
import { countTokens } from './usage.mts';

/** What models that answer with the image itself say about it. */
export function imageUsage(image: OpenedImage, count: number) {
	const textTokens = countTokens(image.prompt);
	const outputTokens = count * Math.ceil((image.width * image.height) / 1024);
	return {
		size: `${image.width}x${image.height}`,
		output_format: image.type,
		background: image.transparent ? 'transparent' : 'opaque',
		usage: {
			input_tokens: textTokens,
			output_tokens: outputTokens,
			total_tokens: textTokens + outputTokens,
			input_tokens_details: { text_tokens: textTokens, image_tokens: 0 },
		},
	};
}
