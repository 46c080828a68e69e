import type { Picture } from '../pictures/picture.mts';
import { countTokens } from './usage.mts';

/** What models that answer with the picture itself say about it. */
export function imageUsage(picture: Picture, count: number) {
	const textTokens = countTokens(picture.prompt);
	const outputTokens = count * Math.ceil((picture.width * picture.height) / 1024);
	return {
		size: `${picture.width}x${picture.height}`,
		output_format: picture.type,
		background: picture.transparent ? 'transparent' : 'opaque',
		usage: {
			input_tokens: textTokens,
			output_tokens: outputTokens,
			total_tokens: textTokens + outputTokens,
			input_tokens_details: { text_tokens: textTokens, image_tokens: 0 },
		},
	};
}
