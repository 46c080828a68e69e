import type { Directives } from '../directives/directive.mts';
import { alterAnswer } from '../faults/answerFaults.mts';
import type { StreamRecipe } from '../wire/answerStream.mts';
import type { Completion } from './completion.mts';
import type { ToolCall } from './toolCalls.mts';

type Delta = Record<string, unknown>;
type Chunk = Record<string, unknown>;

const argumentCharacters = 8;

/** The answer as chunks. */
export function chatStream(
	completion: Completion,
	directives: Directives,
	includeUsage: boolean,
): StreamRecipe {
	const encodeDelta = (delta: Delta, finishReason: string | null = null): string =>
		write(completion, directives, includeUsage, {
			choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
		});
	return {
		protocol: 'openai',
		opening: [encodeDelta({ role: 'assistant', content: completion.toolCalls.length ? null : '' })],
		fragments: deltasOf(completion).map((delta) => encodeDelta(delta)),
		ending: endingOf(completion, directives, includeUsage, encodeDelta),
		encode: (content) => encodeDelta({ content }),
	};
}

function write(
	{ id, created, model }: Completion,
	directives: Directives,
	includeUsage: boolean,
	rest: Chunk,
): string {
	const chunk = {
		id,
		object: 'chat.completion.chunk',
		created,
		model,
		system_fingerprint: 'fp_stand_in',
		...(includeUsage ? { usage: null } : {}),
		...rest,
	};
	const spoilt = directives.has('no-choices') || directives.has('empty-choices');
	return JSON.stringify(spoilt ? alterAnswer(directives, chunk) : chunk);
}

function deltasOf({ reasoning, refuses, fragments, toolCalls }: Completion): Delta[] {
	return [
		...reasoning.map((text) => ({ reasoning_content: text })),
		...fragments.map((text) => (refuses ? { refusal: text } : { content: text })),
		...toolCalls.flatMap(toolCallDeltas),
	];
}

// The first names the call, the others bring its arguments piece by piece.
function toolCallDeltas(call: ToolCall, index: number): Delta[] {
	const { name, arguments: text } = call.function;
	const first = { index, id: call.id, type: call.type, function: { name, arguments: '' } };
	const pieces = text.match(new RegExp(`.{1,${argumentCharacters}}`, 'gsu')) ?? [];
	const rest = pieces.map((piece) => ({ index, function: { arguments: piece } }));
	return [first, ...rest].map((delta) => ({ tool_calls: [delta] }));
}

function endingOf(
	completion: Completion,
	directives: Directives,
	includeUsage: boolean,
	encodeDelta: (delta: Delta, finishReason: string) => string,
): string[] {
	if (directives.has('no-finish')) return [];
	const ending = [encodeDelta({}, completion.finishReason)];
	if (includeUsage && !directives.has('no-usage')) {
		const last = { choices: [], usage: completion.usage };
		ending.push(write(completion, directives, includeUsage, last));
	}
	return directives.has('no-done') ? ending : [...ending, '[DONE]'];
}
