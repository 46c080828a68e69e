import { type JsonObject, withoutUndefined } from '../decode/json';
import type { ProviderError } from '../errors';
import { FileText } from '../http/jsonBody';
import type { AttachedFile, Attachment, ImageDetail, Message } from '../types';

/** A file as a content part (OpenAI API reference, chat; OpenRouter and Gemini take the same). */
export function wirePart(attachment: Attachment): JsonObject {
	if (attachment.kind === 'link' || attachment.kind === 'image') {
		const url = attachment.kind === 'link' ? attachment.url : dataUrl(attachment);
		return imagePart(url, attachment.detail);
	}
	if (attachment.kind === 'pdf') {
		const file = { filename: attachment.fileName, file_data: dataUrl(attachment) };
		return { type: 'file', file };
	}
	const format = attachment.mimeType === 'audio/wav' ? 'wav' : 'mp3';
	return { type: 'input_audio', input_audio: { data: base64(attachment), format } };
}

/** An image by its link or its bytes, as LangChain's models take it, too. */
export function imagePart(url: string | FileText, detail?: ImageDetail): JsonObject {
	return { type: 'image_url', image_url: withoutUndefined({ url, detail }) };
}

function dataUrl({ mimeType, ...file }: AttachedFile): string | FileText {
	return base64(file, `data:${mimeType};base64,`);
}

function base64({ content }: Pick<AttachedFile, 'content'>, beginning = ''): string | FileText {
	return typeof content === 'string' ? beginning + content : new FileText(beginning, content);
}

const NOUNS: Record<Attachment['kind'], string> = {
	link: 'a link to an image',
	image: 'an image',
	pdf: 'a PDF file',
	audio: 'a sound file',
};
const ADVICE: Partial<Record<Attachment['kind'], string>> = {
	link: ' Or download the image first.',
	pdf: ' Or turn the PDF into text with the Extract from File node.',
};

/** The failure of a request, with what helps where its files are to blame. */
export function attachmentFailure(
	error: ProviderError,
	messages: readonly Message[],
): ProviderError {
	const { reason, serviceMessage = '', explanation } = error.details;
	const files = messages.flatMap(({ attachments = [] }) => attachments);
	const kinds = [...new Set(files.map(({ kind }) => kind))];
	// OpenRouter names no model that takes them as an unknown one.
	const isRefusal = reason === 'input' || /no endpoints found.*support/i.test(serviceMessage);
	if (kinds.length === 0 || !isRefusal || explanation !== undefined) return error;
	const sent = kinds.map((kind) => NOUNS[kind]).join(', ');
	const advice = kinds.map((kind) => ADVICE[kind] ?? '').join('');
	return error.with({
		explanation: `The request came with ${sent}: choose a model that takes that, or leave the file out.${advice}`,
	});
}
