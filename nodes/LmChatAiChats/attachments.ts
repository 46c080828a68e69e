import { asObject, asText, type JsonObject } from '../../providers/decode/json';
import { type ProviderError, refusal } from '../../providers/errors';
import { decodeText, FILE_ADVICE, HEAD_BYTES, sniffFile, titled } from '../../providers/files';
import type { AttachedFile, Attachment } from '../../providers/types';

/** What a content block holds, as far as it can be sent. */
export type BlockContent = { attachment: Attachment } | { text: string };

/** Objects inside a block in which the formats in use keep its fields. */
const PLACES = ['source', 'image_url', 'input_audio', 'file', 'metadata', 'providerMetadata'];
const IMAGE_TYPES = new Set(['image', 'image_url', 'input_image']);
const DETAILS = ['auto', 'low', 'high'] as const;

/**
 * A content block that is not plain text, of LangChain 0.3 or 1, OpenAI, Anthropic or n8n's SDK: image,
 * text file, PDF, audio …
 * @returns undefined for a block without a file in it
 * @throws ProviderError `refused`, with the file's name, for what chat completions have no place for
 */
export function readAttachment(block: JsonObject): BlockContent | undefined {
	const file = fileOf(block);
	const { url, text, name } = file;
	if (text !== undefined) return { text: name === undefined ? text : titled(name, text) };
	if (url === undefined) {
		if (file.isReference || IMAGE_TYPES.has(file.type)) throw unsendable(file);
		return undefined;
	}
	const sent = dataContent(file, url, detailOf(block));
	if (sent !== undefined) return sent;
	if (isImage(file)) return { attachment: { kind: 'link', url, ...detailOf(block) } };
	throw unsendable(file);
}

/** A file that comes with the message, by its bytes. */
function dataContent(
	{ name, mimeType }: BlockFile,
	url: string,
	detail: Pick<AttachedFile, 'detail'>,
): BlockContent | undefined {
	if (!/^data:[^,]*;base64,./i.test(url)) return undefined;
	const content = url.slice(url.indexOf(',') + 1);
	const format = sniffFile(Buffer.from(content.slice(0, 2 * HEAD_BYTES), 'base64'));
	if (format !== undefined) {
		const { kind, extension } = format;
		const fileName = name ?? `file.${extension}`;
		const file = { kind, mimeType: format.mimeType, fileName, content };
		return { attachment: kind === 'image' ? { ...file, ...detail } : file };
	}
	if (mimeType.startsWith('image/')) return undefined;
	const decoded = decodeText(Buffer.from(content, 'base64'), mimeType);
	if (decoded === undefined) return undefined;
	return { text: name === undefined ? decoded.text : titled(name, decoded.text) };
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

function detailOf(block: JsonObject): Pick<AttachedFile, 'detail'> {
	const given = asObject(block['image_url'])?.['detail'] ?? block['detail'];
	const detail = DETAILS.find((known) => known === given);
	return detail === undefined ? {} : { detail };
}

function unsendable({ name, mimeType, type }: BlockFile): ProviderError {
	const kind = mimeType === '' ? type : mimeType;
	const what = name === undefined ? `Content of type '${kind}'` : `The file '${name}' (${kind})`;
	return refusal(`${what} cannot be sent to the model`, FILE_ADVICE);
}
