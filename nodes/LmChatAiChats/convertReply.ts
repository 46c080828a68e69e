import type { FinishReason, GenerateResult, MessageContent, TokenUsage } from '@n8n/ai-node-sdk';

import type { Usage } from '../../providers/chunks';
import type { Reply } from '../../providers/collectReply';

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
