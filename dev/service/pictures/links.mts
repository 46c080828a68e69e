import type { Exchange } from '../exchange.mts';
import { pictureBytes } from './bytes.mts';
import type { OpenedImage } from './picture.mts';

/** The image's URL, unique, in the form the settings `url` and `link` want. */
export async function imageLink(exchange: Exchange, image: OpenedImage): Promise<string> {
	const { directives, pictureDirectives, promptKey, service } = exchange;
	const value = directives.text('link', 'value');
	if (value !== undefined) return value;
	const kind = directives.text('url', 'kind');
	if (kind === 'data') {
		const bytes = await pictureBytes(image);
		return `data:image/${image.type};base64,${bytes.toString('base64')}`;
	}
	const path = service.images.add({ image, directives: pictureDirectives.list, promptKey });
	return kind === 'relative' ? path : service.picturesUrl + path;
}
