import type {
	FinishReason,
	GenerateResult,
	Message as SdkMessage,
	MessageContent,
	TokenUsage,
	Tool,
} from '@n8n/ai-node-sdk';

import type { Reply } from '../../providers/collectReply';
import { asObject, type JsonObject, withoutUndefined } from '../../providers/decode/json';
import type { Attachment, Message, ToolCall, ToolDefinition, Usage } from '../../providers/types';
import { readAttachment } from './attachments';

/**
 * The SDK's messages as the providers take them. A message with several tool results becomes several.
 * @throws ProviderError `refused` for content that chat completions have no place for
 */
export function convertMessages(messages: readonly SdkMessage[]): Message[] {
	return messages.flatMap((message, index) => {
		if (message.role !== 'tool') return [turn(message)];
		const isLast = messages[index + 1]?.role !== 'tool';
		return [...toolResults(message), ...(isLast ? toolFiles(messages, index) : [])];
	});
}

function turn({ role, content }: SdkMessage): Message {
	const { texts, attachments } = partsOf(role, content);
	const toolCalls = content.map(toolCall).filter((found) => found !== undefined);
	const reasoning = content.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
	return withoutUndefined({
		role,
		// The pieces of a streamed answer belong together; the parts of a prompt are apart.
		content: texts.join(role === 'assistant' ? '' : '\n\n'),
		attachments: attachments.length === 0 ? undefined : attachments,
		toolCalls: toolCalls.length === 0 ? undefined : toolCalls,
		// Nothing but tool calls makes a service ask for it.
		reasoning: toolCalls.length === 0 ? undefined : reasoning || undefined,
	});
}

interface Parts {
	texts: string[];
	attachments: Attachment[];
}

function partsOf(role: SdkMessage['role'], content: readonly MessageContent[]): Parts {
	const parts: Parts = { texts: [], attachments: [] };
	for (const part of content) {
		if (part.type === 'text') parts.texts.push(part.text);
		// Of an earlier answer, what is not text is there for the model that gave it.
		const block = role === 'assistant' ? undefined : blockOf(part);
		if (block === undefined) continue;
		const read = readAttachment(block);
		if (read === undefined) continue;
		if ('text' in read) parts.texts.push(read.text);
		else parts.attachments.push(read.attachment);
	}
	return parts;
}

/** A file, or a block that `mendAdapter` wrapped. */
function blockOf(part: MessageContent): JsonObject | undefined {
	if (part.type === 'file') return { ...part };
	return part.type === 'provider' ? asObject(part.value) : undefined;
}

function toolResults({ content }: SdkMessage): Message[] {
	return content.flatMap((part) =>
		part.type === 'tool-result'
			? [{ role: 'tool' as const, toolCallId: part.toolCallId, content: resultText(part.result) }]
			: [],
	);
}

/** Results are text only: files go into a turn of the user after the last result in a row. */
function toolFiles(messages: readonly SdkMessage[], last: number): Message[] {
	const first = messages.findLastIndex(({ role }, index) => index < last && role !== 'tool') + 1;
	const attachments = messages
		.slice(first, last + 1)
		.flatMap(({ content }) => content)
		.flatMap((part) =>
			part.type === 'tool-result' ? (resultParts(part.result)?.attachments ?? []) : [],
		);
	return attachments.length === 0
		? []
		: [{ role: 'user', content: 'The files that the tools returned:', attachments }];
}

function resultText(result: unknown): string {
	if (typeof result === 'string') return result;
	return resultParts(result)?.texts.join('\n') ?? JSON.stringify(result) ?? '';
}

const PARTS = new Set(['text', 'file', 'provider']);

/** The parts of a result that has some; any other value is data. */
function resultParts(result: unknown): Parts | undefined {
	if (!Array.isArray(result) || result.length === 0) return undefined;
	const isParts = result.every((part) => PARTS.has(String(asObject(part)?.['type'])));
	return isParts ? partsOf('tool', result as MessageContent[]) : undefined;
}

function toolCall(part: MessageContent): ToolCall | undefined {
	if (part.type !== 'tool-call') return undefined;
	return { id: part.toolCallId ?? '', name: part.toolName, arguments: part.input };
}

const FINISH_REASONS: Record<string, FinishReason> = {
	stop: 'stop',
	length: 'length',
	content_filter: 'content-filter',
	tool_calls: 'tool-calls',
};

/** A complete answer as the SDK takes it. */
export function convertReply(reply: Reply): GenerateResult {
	const { usage } = reply;
	const finishReason = convertFinishReason(reply.finishReason);
	return withoutUndefined({
		message: { role: 'assistant' as const, content: contentOf(reply) },
		finishReason,
		// n8n's adapter passes this on instead of the reason, under the name that streamed answers have.
		providerMetadata: { finish_reason: finishReason },
		usage: usage && convertUsage(usage),
	});
}

/** The SDK knows fewer reasons. Without one from the service it is `stop`, as the answer is complete. */
export function convertFinishReason(reason: string | undefined): FinishReason {
	return FINISH_REASONS[reason ?? 'stop'] ?? 'other';
}

/** Counts that the service did not report are 0, as the SDK has no value for unknown. */
export function convertUsage(usage: Usage): TokenUsage {
	const { promptTokens = 0, completionTokens = 0, cachedTokens, reasoningTokens } = usage;
	return withoutUndefined({
		promptTokens,
		completionTokens,
		totalTokens: usage.totalTokens ?? promptTokens + completionTokens,
		inputTokenDetails: cachedTokens === undefined ? undefined : { cacheRead: cachedTokens },
		outputTokenDetails: reasoningTokens === undefined ? undefined : { reasoning: reasoningTokens },
	});
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

/**
 * The tools an agent offers; those that only some other provider runs itself are left out. So is the name
 * of the schema's dialect, which Gemini refuses.
 */
export function convertTools(tools: readonly Tool[], readSchema: SchemaReader): ToolDefinition[] {
	return tools.flatMap((tool) => {
		if (tool.type !== 'function') return [];
		const parameters = { ...readSchema(tool) };
		delete parameters['$schema'];
		return [{ name: tool.name, description: tool.description, parameters }];
	});
}
