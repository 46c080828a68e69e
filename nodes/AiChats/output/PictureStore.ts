import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { AsyncGeneratorProvider } from '../../../providers/AsyncGeneratorProvider';
import { ProviderError } from '../../../providers/errors';
import type { ImageResponse } from '../../../providers/ImageResponse';
import type { Picture } from '../../../providers/picture/Picture';
import { toReadable } from '../../../transport/toReadable';
import type { ItemRun } from '../run/ItemRun';
import { pictureFileName } from './fileName';
import type { ImageOutput } from './imageOutput';
import { pictureLink } from './pictureLink';

/** One picture, where the user wanted it. */
export interface StoredPicture {
	/** What the item's JSON tells of it. */
	json: IDataObject;
	binary?: Record<string, IBinaryData>;
}

/** Takes an answer's pictures as they come: into n8n's binary storage, as links, or both. */
export class PictureStore {
	readonly pictures: StoredPicture[] = [];

	constructor(
		private readonly run: ItemRun,
		private readonly provider: AsyncGeneratorProvider,
		private readonly output: ImageOutput,
	) {}

	async take({ images, content }: ImageResponse): Promise<void> {
		if (content !== undefined) {
			if (this.output.kind === 'url') throw noLink();
			this.pictures.push(await this.store(content));
		}
		for (const link of images) this.pictures.push(await this.takeLink(link));
	}

	private async takeLink(link: string): Promise<StoredPicture> {
		if (this.output.kind === 'binary' && !this.run.isTool) return await this.store(link);
		const href = this.provider.resolveLink(link);
		return this.output.kind === 'url' ? { json: { url: href } } : await this.store(link, href);
	}

	/** @param link where the picture can be had from the service, where it told that */
	private async store(
		source: string | AsyncIterable<Uint8Array>,
		link?: string,
	): Promise<StoredPicture> {
		const { largest } = this.output;
		const picture = await this.provider.openPicture(source, { signal: this.run.signal, largest });
		try {
			return await this.write(picture, link);
		} finally {
			picture.close();
		}
	}

	private async write(picture: Picture, link: string | undefined): Promise<StoredPicture> {
		const { fileName: wish, property } = this.output;
		const { mimeType, extension, width = null, height = null } = picture;
		const fileName = pictureFileName(wish, extension, this.pictures.length + 1);
		let bytes = 0;
		const counted = async function* () {
			for await (const chunk of picture.bytes) {
				bytes += chunk.length;
				yield chunk;
			}
		};
		const stream = toReadable(counted());
		const file = await this.run.context.helpers.prepareBinaryData(stream, fileName, mimeType);
		return {
			json: {
				fileName,
				mimeType,
				bytes,
				width,
				height,
				...pictureLink(this.run, this.output.kind, file, link),
			},
			binary: { [property]: file },
		};
	}
}

function noLink(): ProviderError {
	return new ProviderError('refused', 'The service sent the picture itself, not a link', {
		explanation: "Set 'Output' to Binary File.",
	});
}
