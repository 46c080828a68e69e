import { asObject, withoutUndefined } from '../../../providers/decode/json';
import {
	decodeText,
	FILE_ADVICE,
	HEAD_BYTES,
	heldBytes,
	readBytes,
	sniffFile,
	titled,
} from '../../../providers/files';
import { sniffImage } from '../../../providers/image/format';
import type { Attachment, ByteSource, ImageDetail, ImageFile } from '../../../providers/types';
import type { AttachmentFields } from '../../shared/chatOptions';
import { asFieldText, fieldError } from '../../shared/fields';
import type { ItemRun } from '../ItemRun';

/** In bytes: more text than most models read. */
const MAX_TEXT_BYTES = 200_000;
/** In bytes. */
const PIECE_BYTES = 64 * 1024;

/** What goes along with a prompt. */
interface Attached {
	attachments: Attachment[];
	/** Text files, each under its name. */
	texts: string[];
	/** What all of them are called. */
	names: string[];
}

/** A file before its bytes have been looked at. */
interface GivenFile {
	/** The field's name or the link, for errors. */
	entry: string;
	/** Where the file has a name. */
	fileName: string | undefined;
	/** As whoever made the file declares it. */
	mimeType: string;
	content: ByteSource;
}

/**
 * The files that the item's options name: of binary fields, in whichever storage n8n keeps them, and links.
 * @throws NodeOperationError that names a missing field, or a file that models do not take
 */
export async function readAttachments(run: ItemRun): Promise<Attached> {
	const { imageFields = '', missingAttachments } = run.options<AttachmentFields>();
	const attached: Attached = { attachments: [], texts: [], names: [] };
	for (const entry of imageFields === '' ? [] : entriesOf(run, imageFields)) {
		if (/^https?:/i.test(entry)) attachLink(run, attached, entry);
		else if (/^data:/i.test(entry)) await attachFile(run, attached, dataFile(run, entry));
		else if (missingAttachments !== 'skip' || isThere(run, entry)) {
			await attachFile(run, attached, await fieldFile(run, entry));
		}
	}
	return attached;
}

/** A `data:` link has a comma of its own. In others one belongs to the link where more of a path or a query follows. */
const ENTRY = /\s*data:[^,]*,[^,]*|\s*https?:(?:[^,]|,(?=[^\s:]{0,300}[/=&]))+|[^,]+/gi;

/** Fields and links in their order; `*` stands for all fields with files. A link in a list stands for itself. */
function entriesOf(run: ItemRun, given: string | string[]): Set<string> {
	const isWhole = (text: string) => typeof given !== 'string' && /^\s*(data|https?):/i.test(text);
	const entries = [given]
		.flat()
		.flatMap((text) => (isWhole(text) ? text : text.match(ENTRY)) ?? []);
	const names = entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
	return new Set(names.flatMap((name) => (name === '*' ? allFields(run) : [name])));
}

/** A workflow may keep its files among the JSON (setting 'Binary Data Mode'). */
function allFields(run: ItemRun): string[] {
	const { binary = {}, json = {} } = run.context.getInputData()[run.itemIndex] ?? {};
	// What has a type there may also only describe a file.
	const inJson = Object.keys(json).filter(
		(name) => asObject(json[name])?.['mimeType'] !== undefined && isThere(run, name),
	);
	return [...Object.keys(binary), ...inJson];
}

/** Extensions of files that servers do not fetch. */
const NO_IMAGE = /\.(pdf|wav|mp3|m4a|mp4|txt|md|csv|json|xml|html?|docx?|xlsx?|pptx?|zip)$/i;

/** The service fetches it itself. */
function attachLink(run: ItemRun, { attachments, names }: Attached, url: string): void {
	if (!URL.canParse(url) || NO_IMAGE.test(new URL(url).pathname)) {
		throw fieldError(run, `The link '${shortened(url)}' cannot be attached`, LINK_ADVICE);
	}
	attachments.push(withoutUndefined({ kind: 'link' as const, url, detail: detailOf(run) }));
	names.push(url);
}

const LINK_ADVICE =
	'Links must be to images. Download other files with the HTTP Request node first.';

function detailOf(run: ItemRun): ImageDetail | undefined {
	return run.options<AttachmentFields>().imageDetail;
}

function dataFile(run: ItemRun, url: string): GivenFile {
	const [, mimeType = '', base64, data = ''] = /^data:([^,]*?)(;base64)?,(.*)$/is.exec(url) ?? [];
	try {
		const bytes = base64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data));
		return { entry: shortened(url), fileName: undefined, mimeType, content: heldBytes(bytes) };
	} catch {
		throw fieldError(run, `'${shortened(url)}' is not a data: link`, 'Check its % escapes.');
	}
}

function isThere({ context, itemIndex }: ItemRun, field: string): boolean {
	try {
		context.helpers.assertBinaryData(itemIndex, field);
		return true;
	} catch {
		return false;
	}
}

/** @throws n8n's own error, which names the field, for one without a file */
async function fieldFile(run: ItemRun, field: string): Promise<GivenFile> {
	const { helpers } = run.context;
	const data = helpers.assertBinaryData(run.itemIndex, field);
	const content =
		data.id === undefined
			? heldBytes(await helpers.getBinaryDataBuffer(run.itemIndex, field))
			: await storedBytes(run, data.id);
	return { entry: field, fileName: nameOf(data), mimeType: String(data.mimeType), content };
}

/** A Code node may have put anything there. */
function nameOf({ fileName }: { fileName?: unknown }): string | undefined {
	return typeof fileName === 'string' && fileName !== '' ? fileName : undefined;
}

/** In n8n's storage: it is read when it is sent, and is never in memory as a whole. */
async function storedBytes({ context: { helpers } }: ItemRun, id: string): Promise<ByteSource> {
	const { fileSize } = await helpers.getBinaryMetadata(id);
	return {
		size: fileSize,
		id,
		async *read() {
			yield* (await helpers.getBinaryStream(id, PIECE_BYTES)) as AsyncIterable<Uint8Array>;
		},
	};
}

async function attachFile(run: ItemRun, attached: Attached, file: GivenFile): Promise<void> {
	const { entry, content } = file;
	const base = /^data:/i.test(entry) ? 'file' : entry;
	const format = sniffFile(await readBytes(content, HEAD_BYTES));
	if (format === undefined) {
		const name = file.fileName ?? base;
		attached.texts.push(titled(name, await textOf(run, file)));
		attached.names.push(name);
		return;
	}
	const { kind, mimeType, extension } = format;
	const fileName = file.fileName ?? `${base}.${extension}`;
	const detail = kind === 'image' ? detailOf(run) : undefined;
	attached.attachments.push(withoutUndefined({ kind, mimeType, fileName, content, detail }));
	attached.names.push(fileName);
}

async function textOf(run: ItemRun, { entry, mimeType, content }: GivenFile): Promise<string> {
	if (content.size === 0) throw unusable(run, entry, 'is empty', 'Attach a file with content.');
	const bytes = await readBytes(content, MAX_TEXT_BYTES);
	const isWhole = content.size <= MAX_TEXT_BYTES;
	// The last character may be cut.
	const part = isWhole ? bytes : bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
	const decoded = decodeText(part, mimeType, () => run.context.helpers.detectBinaryEncoding(part));
	if (decoded === undefined) {
		throw unusable(run, entry, `(${mimeType}) cannot be sent to a model`, FILE_ADVICE);
	}
	if (!isWhole) {
		const size = Math.ceil(content.size / 1000);
		throw unusable(run, entry, `is too long, with ${size} kB of text`, LENGTH_ADVICE);
	}
	const { text, guessed } = decoded;
	if (guessed !== undefined) {
		run.hint(`The file in '${entry}' is not UTF-8, so it was read as ${guessed}`);
	}
	return text;
}

const LINE_FEED = 0x0a;
const LENGTH_ADVICE = `Text files may have up to ${MAX_TEXT_BYTES / 1000} kB. Split it with the Extract from File node first.`;

function unusable(run: ItemRun, entry: string, fault: string, advice: string) {
	const what = /^data:/i.test(entry) ? `The file '${entry}'` : `The file in field '${entry}'`;
	return fieldError(run, `${what} ${fault}`, advice);
}

function shortened(url: string): string {
	return url.length > 60 ? `${url.slice(0, 59)}…` : url;
}

/** Every known service refuses larger images to edit. */
const MAX_IMAGE_BYTES = 50 * 1024 * 1024;
const SIZE_ADVICE = `Images may have up to ${MAX_IMAGE_BYTES / 1024 / 1024} MB. Resize it with the Edit Image node first.`;
const FORMAT_ADVICE = 'Use a PNG, JPEG, WebP, GIF or AVIF image.';

/**
 * The images in the named binary fields (names separated by commas), in memory: they are sent as a form.
 * @param label the field with the names, as the user sees it
 * @throws NodeOperationError that names a field without a usable image
 */
export async function readImages(
	run: ItemRun,
	label: string,
	fields: unknown,
): Promise<ImageFile[]> {
	const names = asFieldText(run, label, fields).split(',');
	const present = names.map((name) => name.trim()).filter((name) => name !== '');
	return await Promise.all(present.map(async (name) => await readImage(run, name)));
}

async function readImage(run: ItemRun, field: string): Promise<ImageFile> {
	const { helpers } = run.context;
	const data = helpers.assertBinaryData(run.itemIndex, field);
	if ((data.bytes ?? 0) > MAX_IMAGE_BYTES) throw unusable(run, field, 'is too large', SIZE_ADVICE);
	const bytes = await helpers.getBinaryDataBuffer(run.itemIndex, field);
	if (bytes.length > MAX_IMAGE_BYTES) throw unusable(run, field, 'is too large', SIZE_ADVICE);
	const format = sniffImage(bytes);
	if (format === undefined) throw unusable(run, field, 'is not an image', FORMAT_ADVICE);
	const fileName = nameOf(data) ?? `${field}.${format.extension}`;
	return { fileName, mimeType: format.mimeType, bytes };
}
