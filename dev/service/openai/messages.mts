import type { Attachment, Role, Turn } from '../text/conversation.mts';

const roles: Record<string, Role> = {
	system: 'system',
	developer: 'system',
	user: 'user',
	assistant: 'assistant',
	tool: 'tool',
	function: 'tool',
};

interface Part {
	type?: unknown;
	text?: unknown;
	image_url?: unknown;
}

/** @returns the turns, or the number of the message that is none. */
export function readMessages(messages: unknown[]): Turn[] | number {
	const turns = messages.map(toTurn);
	const wrong = turns.findIndex((turn) => turn === undefined);
	return wrong >= 0 ? wrong : turns.filter((turn) => turn !== undefined);
}

function toTurn(message: unknown): Turn | undefined {
	if (typeof message !== 'object' || message === null) return undefined;
	const { role, content } = message as { role?: unknown; content?: unknown };
	const known = typeof role === 'string' ? roles[role] : undefined;
	if (!known) return undefined;
	if (!Array.isArray(content)) return { role: known, text: String(content ?? '') };
	const parts = content as Part[];
	const texts = parts.filter((part) => typeof part.text === 'string').map((part) => part.text);
	const attachments = parts.map(toAttachment).filter((attachment) => attachment !== undefined);
	return { role: known, text: texts.join('\n'), attachments };
}

function toAttachment({ type, image_url: image }: Part): Attachment | undefined {
	if (type !== 'image_url') return undefined;
	const url = typeof image === 'string' ? image : String((image as { url?: unknown })?.url);
	const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
	if (mediaType === undefined) return { mediaType: 'linked image', bytes: 0 };
	return { mediaType, bytes: Buffer.byteLength(data ?? '', 'base64') };
}
