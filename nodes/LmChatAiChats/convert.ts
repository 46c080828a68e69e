import type {
	FinishReason,
	GenerateResult,
	Message as SdkMessage,
	MessageContent,
	TokenUsage,
	Tool,
} from '@n8n/ai-node-sdk';

import type { Reply } from '../../providers/collectReply';
import type { JsonObject } from '../../providers/decode/json';
import type {
	AttachedImage,
	Message,
	ToolCall,
	ToolDefinition,
	Usage,
} from '../../providers/types';

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

const FINISH_REASONS: Record<string, FinishReason> = {
	stop: 'stop',
	length: 'length',
	content_filter: 'content-filter',
	tool_calls: 'tool-calls',
};

/** A whole answer as the SDK takes it. */
export function convertReply(reply: Reply): GenerateResult {
	const { finishReason, usage } = reply;
	return {
		message: { role: 'assistant', content: contentOf(reply) },
		finishReason: convertFinishReason(finishReason),
		...(usage === undefined ? {} : { usage: convertUsage(usage) }),
	};
}

/** The SDK knows fewer reasons; one that no service told is `stop`, as the answer is whole. */
export function convertFinishReason(reason: string | undefined): FinishReason {
	return FINISH_REASONS[reason ?? 'stop'] ?? 'other';
}

/** Counts that the service did not tell are 0, as the SDK has no word for unknown. */
export function convertUsage(usage: Usage): TokenUsage {
	const { promptTokens = 0, completionTokens = 0, cachedTokens, reasoningTokens } = usage;
	return {
		promptTokens,
		completionTokens,
		totalTokens: usage.totalTokens ?? promptTokens + completionTokens,
		...(cachedTokens === undefined ? {} : { inputTokenDetails: { cacheRead: cachedTokens } }),
		...(reasoningTokens === undefined
			? {}
			: { outputTokenDetails: { reasoning: reasoningTokens } }),
	};
}

function contentOf({ reasoning, text, toolCalls }: Reply): MessageContent[] {
	return [
		...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
		...(text === '' ? [] : [{ type: 'text' as const, text }]),
		...toolCalls.map((call) => ({
			type: 'tool-call' as const,
			toolCallId: call.id,
			toolName: call.name,
			input: call.arguments,
		})),
	];
}

/** Turns a tool's input schema, Zod or JSON Schema, into JSON Schema: the SDK's own function. */
export type SchemaReader = (tool: Extract<Tool, { type: 'function' }>) => JsonObject;

/** The tools an agent offers; those that only some other provider runs itself are left out. */
export function convertTools(tools: readonly Tool[], readSchema: SchemaReader): ToolDefinition[] {
	return tools.flatMap((tool) =>
		tool.type === 'function'
			? [{ name: tool.name, description: tool.description, parameters: readSchema(tool) }]
			: [],
	);
}
