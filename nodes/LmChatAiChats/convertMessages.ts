import type { Message as SdkMessage, MessageContent } from '@n8n/ai-node-sdk';

import type { AttachedImage, Message, ToolCall } from '../../providers/messages';

/** The SDK's messages as the providers take them. A message with several tool results becomes several. */
export function convertMessages(messages: readonly SdkMessage[]): Message[] {
	return messages.flatMap((message) =>
		message.role === 'tool' ? toolResults(message) : [turn(message)],
	);
}

function turn({ role, content }: SdkMessage): Message {
	const images = content.map(image).filter((found) => found !== undefined);
	const toolCalls = content.map(toolCall).filter((found) => found !== undefined);
	return {
		role,
		content: text(content),
		...(images.length === 0 ? {} : { images }),
		...(toolCalls.length === 0 ? {} : { toolCalls }),
	};
}

function toolResults({ content }: SdkMessage): Message[] {
	return content.flatMap((part) =>
		part.type === 'tool-result'
			? [{ role: 'tool' as const, toolCallId: part.toolCallId, content: asText(part.result) }]
			: [],
	);
}

function text(content: readonly MessageContent[]): string {
	return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function asText(result: unknown): string {
	return typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
}

function toolCall(part: MessageContent): ToolCall | undefined {
	if (part.type !== 'tool-call') return undefined;
	return { id: part.toolCallId ?? '', name: part.toolName, arguments: part.input };
}

function image(part: MessageContent): AttachedImage | undefined {
	if (part.type !== 'file' || !part.mediaType?.startsWith('image/')) return undefined;
	const { data, mediaType } = part;
	const base64 = typeof data === 'string' ? data : Buffer.from(data).toString('base64');
	return { mimeType: mediaType, base64: base64.replace(/^data:[^,]*,/, '') };
}
