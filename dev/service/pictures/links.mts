import type { Exchange } from '../exchange.mts';
import { pictureBytes } from './bytes.mts';
import type { Picture } from './picture.mts';

/** The picture's URL, unique, in the form the settings `url` and `link` want. */
export async function pictureLink(exchange: Exchange, picture: Picture): Promise<string> {
	const { directives, pictureDirectives, promptKey, service } = exchange;
	const value = directives.text('link', 'value');
	if (value !== undefined) return value;
	const kind = directives.text('url', 'kind');
	if (kind === 'data') {
		const bytes = await pictureBytes(picture);
		return `data:image/${picture.type};base64,${bytes.toString('base64')}`;
	}
	const path = service.pictures.add({ picture, directives: pictureDirectives.list, promptKey });
	return kind === 'relative' ? path : service.picturesUrl + path;
}
