import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { AsyncGeneratorProvider } from '../../../providers/AsyncGeneratorProvider';
import { type ProviderError, refusal, toProviderError } from '../../../providers/errors';
import { splitImages } from '../../../providers/image/markdownImages';
import { MAX_IMAGE_BYTES, type OpenedImage } from '../../../providers/image/openImage';
import type { ImageResponse } from '../../../providers/types';
import { toReadable } from '../../../transport/readable';
import { publicError } from '../../shared/toNodeError';
import type { ImageOutput } from '../fields/imageOutput';
import type { ItemRun } from '../ItemRun';

/** One image, where the user wanted it. */
export interface StoredImage {
	/** Which image of the answer it is, from 0: those that failed count too. */
	position: number;
	/** What the item's JSON says of it. */
	json: IDataObject;
	binary?: Record<string, IBinaryData>;
}

type TakenImage = Omit<StoredImage, 'position'>;

/** All images of an item may be so many times as large as the largest single one. */
const MAX_TOTAL = 10;
/** A text may name any number of them. */
const MAX_COUNT = 100;

/**
 * Takes an answer's images as they come: into n8n's binary storage, as links, or both. One that cannot be had
 * does not take the others with it: they are paid for.
 */
export class ImageSink {
	readonly images: StoredImage[] = [];
	readonly failures: ProviderError[] = [];
	private bytesLeft: number;
	private taken = 0;

	constructor(
		private readonly run: ItemRun,
		private readonly provider: AsyncGeneratorProvider,
		private readonly output: ImageOutput,
	) {
		this.bytesLeft = MAX_TOTAL * (output.largest ?? MAX_IMAGE_BYTES);
	}

	/** Whether an image came, be it broken. */
	get hasBegun(): boolean {
		return this.taken > 0;
	}

	async take({ images, content, onOpened }: ImageResponse): Promise<void> {
		if (content !== undefined) await this.attempt(async () => await this.takeContent(content));
		for (const link of images) await this.attempt(async () => await this.takeLink(link, onOpened));
	}

	/** Takes the images that a text shows in Markdown with their bytes. @returns the text without them */
	async takeFrom(text: string): Promise<string> {
		const { text: rest, links } = splitImages(text, /^data:image\//i);
		for (const link of links) await this.attempt(async () => await this.store(link));
		return rest;
	}

	/** Notes a failure. @throws ProviderError when the run stops */
	fail(error: unknown): void {
		const failure = toProviderError(error);
		if (this.run.signal.aborted) throw toProviderError(failure);
		this.failures.push(failure);
	}

	private async attempt(take: () => Promise<TakenImage>): Promise<void> {
		const position = this.taken++;
		if (position > MAX_COUNT) return;
		try {
			if (position === MAX_COUNT) throw tooMuch();
			this.images.push({ position, ...(await take()) });
		} catch (error) {
			this.fail(error);
		}
	}

	private async takeContent(content: AsyncIterable<Uint8Array>): Promise<TakenImage> {
		if (this.output.kind === 'url') {
			this.run.hint('The service sent no link, so the image was stored as a file');
		}
		return await this.store(content);
	}

	private async takeLink(link: string, onOpened?: () => void): Promise<TakenImage> {
		const { kind } = this.output;
		if (kind === 'binary' && !this.run.isTool) return await this.store(link, undefined, onOpened);
		const href = this.provider.resolveLink(link);
		if (kind !== 'url') return await this.store(link, href, onOpened);
		if (onOpened !== undefined) (await this.open(link, onOpened)).close();
		return { json: { url: href } };
	}

	/** @param link where the service offers the image, where it does */
	private async store(
		source: string | AsyncIterable<Uint8Array>,
		link?: string,
		onOpened?: () => void,
	): Promise<TakenImage> {
		const image = await this.open(source, onOpened);
		try {
			return await this.write(image, link);
		} finally {
			image.close();
		}
	}

	private async open(
		source: string | AsyncIterable<Uint8Array>,
		onOpened?: () => void,
	): Promise<OpenedImage> {
		if (this.bytesLeft <= 0) throw tooMuch();
		const largest = Math.min(this.output.largest ?? MAX_IMAGE_BYTES, this.bytesLeft);
		const image = await this.provider.openImage(source, { signal: this.run.signal, largest });
		onOpened?.();
		return image;
	}

	private async write(image: OpenedImage, link: string | undefined): Promise<TakenImage> {
		const { fileName: requested, property } = this.output;
		const { mimeType, extension, width = null, height = null } = image;
		const fileName = imageFileName(requested, extension, this.images.length + 1);
		let bytes = 0;
		const counted = async function* () {
			for await (const chunk of image.bytes) {
				bytes += chunk.length;
				yield chunk;
			}
		};
		const account = () => (this.bytesLeft -= bytes);
		const stream = toReadable(counted());
		const { helpers } = this.run.context;
		const file = await helpers.prepareBinaryData(stream, fileName, mimeType).finally(account);
		return {
			json: {
				fileName,
				mimeType,
				bytes,
				width,
				height,
				...imageLink(this.run, this.output.kind, file, link),
			},
			binary: { [property]: file },
		};
	}
}

function tooMuch(): ProviderError {
	return refusal(
		'The answer holds too many or too large images',
		`Up to ${MAX_COUNT} are taken, with ${MAX_TOTAL} times the 'Max Image Size' together.`,
	);
}

/** Why an image is missing, without secrets. */
export function failureText(run: ItemRun, error: ProviderError): string {
	const { message, details } = publicError(error, run.redact);
	return details.serviceMessage ? `${message}: ${details.serviceMessage}` : message;
}

const MAX_LENGTH = 60;
/** Whatever extension follows, Windows takes these for devices, also with the digits as superscripts. */
const DEVICE = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i;
const IMAGE_EXTENSION = /\.(png|jpe?g|webp|gif|avif|svg|bmp|tiff?)$/i;

/**
 * A safe file name: letters, digits, dots, dashes and underscores of what was requested, without folders, not one
 * that Windows keeps for devices, and with the extension that the image's bytes call for.
 * @param number which of an item's images it is, from 1
 */
export function imageFileName(requested: string, extension: string, number: number): string {
	const stem = requested
		.trim()
		.replace(IMAGE_EXTENSION, '')
		.normalize('NFC')
		.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
		.replace(/\.{2,}/g, '.');
	const short = [...stem]
		.slice(0, MAX_LENGTH)
		.join('')
		.replace(/^[-.]+|[-.]+$/g, '');
	const stemmed = DEVICE.test(short) ? `image-${short}` : short;
	const suffix = number > 1 ? `-${number}` : '';
	return `${stemmed || 'image'}${suffix}.${extension}`;
}

/**
 * What an item with a file tells of a link to it. An agent sees no binary data: it always gets a link
 * that it can hand on, n8n's own where the user did not ask for the service's.
 * @param link the service's own, where it sent one
 */
export function imageLink(
	run: ItemRun,
	kind: ImageOutput['kind'],
	file: IBinaryData,
	link: string | undefined,
): IDataObject {
	if (!run.isTool) return kind === 'both' ? { url: link ?? null } : {};
	const signed = signedUrl(run, file);
	return { url: (kind === 'both' ? (link ?? signed) : (signed ?? link)) ?? null };
}

/** A URL of n8n that needs no login, for a day. Files kept in the execution itself have none. */
function signedUrl({ context }: ItemRun, file: IBinaryData): string | undefined {
	return file.id === undefined ? undefined : context.helpers.createBinarySignedUrl(file);
}
