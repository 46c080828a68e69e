import type { Completion } from './completion.mts';

/** The answer as one JSON document. */
export function chatDocument(completion: Completion): Record<string, unknown> {
	const { id, created, model, finishReason, usage } = completion;
	return {
		id,
		object: 'chat.completion',
		created,
		model,
		system_fingerprint: 'fp_stand_in',
		choices: [
			{ index: 0, message: messageOf(completion), logprobs: null, finish_reason: finishReason },
		],
		usage,
	};
}

function messageOf({ fragments, refuses, toolCalls, reasoning }: Completion) {
	const text = fragments.join('');
	return {
		role: 'assistant',
		content: refuses || toolCalls.length ? null : text,
		refusal: refuses ? text : null,
		...(reasoning.length ? { reasoning_content: reasoning.join('') } : {}),
		...(toolCalls.length ? { tool_calls: toolCalls } : {}),
	};
}
