import { asObject, asText, type JsonObject } from '../../providers/decode/json';
import { ProviderError } from '../../providers/errors';
import { sniffImage } from '../../providers/image/format';
import type { AttachedImage } from '../../providers/types';

/** What a content block holds, as far as it can be sent. */
export type Attachment = { image: AttachedImage } | { text: string };

/** Objects inside a block in which the formats in use keep its fields. */
const PLACES = ['source', 'image_url', 'input_audio', 'file', 'metadata', 'providerMetadata'];
const IMAGE_TYPES = new Set(['image', 'image_url', 'input_image']);
const DETAILS = ['auto', 'low', 'high'] as const;
/** Base64 letters that cover every signature `sniffImage` knows. */
const SIGNATURE_LETTERS = 64;

/**
 * A content block that is not plain text, of LangChain 0.3 or 1, OpenAI, Anthropic or n8n's SDK: image,
 * text file, PDF, audio …
 * @returns undefined for a block without a file in it
 * @throws ProviderError `refused`, with the file's name, for what chat completions have no place for
 */
export function readAttachment(block: JsonObject): Attachment | undefined {
	const file = fileOf(block);
	const { url, text, mimeType } = file;
	if (text !== undefined) return { text: titled(file, text) };
	if (url === undefined) {
		if (file.isReference || IMAGE_TYPES.has(file.type)) throw unsendable(file);
		return undefined;
	}
	if (isImage(file)) return { image: { url, ...detailOf(block) } };
	if (mimeType.startsWith('text/') && url.startsWith('data:')) {
		const content = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64').toString();
		return { text: titled(file, content) };
	}
	throw unsendable(file);
}

interface BlockFile {
	/** The block's own type, e.g. `image_url`. */
	type: string;
	/** Empty when unknown. */
	mimeType: string;
	name: string | undefined;
	/** `http(s):`, or `data:` with the content in base64. */
	url: string | undefined;
	/** Of a text file that comes as plain text. */
	text: string | undefined;
	/** Whether the file lies at some provider, under an ID of its own. */
	isReference: boolean;
}

function fileOf(block: JsonObject): BlockFile {
	const inner = PLACES.map((place) => asObject(block[place])).filter(
		(found) => found !== undefined,
	);
	const find = (...names: string[]): unknown =>
		[block, ...inner].flatMap((place) => names.map((name) => place[name])).find(isPresent);
	const type = asText(block['type']) ?? 'unknown';
	const link = asText(block['image_url']) ?? asText(find('url', 'file_url'));
	const data = base64Of(find('data', 'file_data', 'base64'));
	const mimeType =
		asText(find('mimeType', 'mime_type', 'mediaType', 'media_type')) ??
		dataUrlType(link ?? data) ??
		sniffImage(Buffer.from((data ?? '').slice(0, SIGNATURE_LETTERS), 'base64'))?.mimeType ??
		'';
	return {
		type,
		mimeType: mimeType.toLowerCase(),
		name: asText(find('filename', 'fileName', 'file_name', 'title', 'name')),
		url: link ?? dataUrl(mimeType, data),
		text: asText(find('text')),
		isReference: isPresent(find('id', 'fileId', 'file_id')),
	};
}

function isPresent(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

function base64Of(data: unknown): string | undefined {
	return data instanceof Uint8Array ? Buffer.from(data).toString('base64') : asText(data);
}

function dataUrl(mimeType: string, data: string | undefined): string | undefined {
	return data === undefined || data.startsWith('data:') ? data : `data:${mimeType};base64,${data}`;
}

function dataUrlType(url = ''): string | undefined {
	return /^data:([^;,]{1,100})[;,]/.exec(url)?.[1];
}

/** The service fetches an `http(s)` link itself; its type is known only then. */
function isImage({ type, mimeType, url = '' }: BlockFile): boolean {
	const isLink = /^https?:\/\//i.test(url);
	if (!isLink && !url.startsWith('data:')) return false;
	return mimeType.startsWith('image/') || (IMAGE_TYPES.has(type) && isLink && mimeType === '');
}

function detailOf(block: JsonObject): Pick<AttachedImage, 'detail'> {
	const given = asObject(block['image_url'])?.['detail'] ?? block['detail'];
	const detail = DETAILS.find((known) => known === given);
	return detail === undefined ? {} : { detail };
}

function titled({ name }: BlockFile, text: string): string {
	return name === undefined ? text : `File: ${name}\nContent:\n${text}`;
}

function unsendable({ name, mimeType, type }: BlockFile): ProviderError {
	const kind = mimeType === '' ? type : mimeType;
	const what = name === undefined ? `Content of type '${kind}'` : `The file '${name}' (${kind})`;
	return new ProviderError('refused', `${what} cannot be sent to the model`, {
		explanation:
			'The AiChats Chat Model sends text, and images as data or as http(s) links. Leave other files out of the conversation, e.g. by turning off the option of the agent that passes them on, or extract their text first with the Extract from File node.',
	});
}
