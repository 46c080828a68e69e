import { randomUUID } from 'node:crypto';

import type { Directives } from '../directives/directive.mts';
import { toConversation, type Conversation, type Turn } from '../text/conversation.mts';
import { shapeFragments, shapeText } from '../text/shape.mts';
import { splitIntoWords } from '../text/words.mts';
import { limitWords, stopAt } from './limits.mts';
import { structuredText } from './structuredOutput.mts';
import { chooseToolCalls, type ToolCall } from './toolCalls.mts';
import { countUsage, type Usage } from './usage.mts';

type JsonObject = Record<string, unknown>;

/** A chat answer before it is written as one document or as chunks. */
export interface Completion {
	id: string;
	/** Seconds since the epoch. */
	created: number;
	model: string;
	reasoning: string[];
	/** Fragments of the text, or of the refusal when `refuses`. */
	fragments: string[];
	refuses: boolean;
	toolCalls: ToolCall[];
	finishReason: string;
	usage: Usage;
}

/** @param turns without directives */
export function completeChat(body: JsonObject, turns: Turn[], directives: Directives): Completion {
	const id = `chatcmpl-${randomUUID()}`;
	const conversation = toConversation(turns);
	const toolCalls = conversation.toolResults.length
		? []
		: chooseToolCalls(body, conversation.prompt, id);
	const refuses = directives.has('refusal');
	const answer = toolCalls.length ? noText : answerFragments(body, conversation, directives);
	const reasoning = reasoningFragments(body, conversation.prompt);
	const finishReason = toolCalls.length ? 'tool_calls' : answer.isCut ? 'length' : 'stop';
	const input = turns.map(({ text }) => text).join('');
	const output = answer.fragments.join('') + toolCalls.map(argumentsOf).join('');
	return {
		id,
		created: Math.floor(Date.now() / 1000),
		model: String(body['model']),
		reasoning,
		fragments: refuses ? splitIntoWords("I'm sorry, I cannot help with that.") : answer.fragments,
		refuses,
		toolCalls: refuses ? [] : toolCalls,
		finishReason: directives.text('finish', 'reason') ?? (refuses ? 'stop' : finishReason),
		usage: countUsage(input, output, reasoning.join('')),
	};
}

const noText = { fragments: [] as string[], isCut: false };

function answerFragments(body: JsonObject, conversation: Conversation, directives: Directives) {
	const structured = structuredText(body['response_format'], subjectOf(conversation), directives);
	const text = stopAt(structured ?? shapeText(conversation, directives), body['stop']);
	const limit = body['max_completion_tokens'] ?? body['max_tokens'];
	return limitWords(shapeFragments(text, directives), limit);
}

/** What a JSON answer is about: images, where some came along. */
function subjectOf({ prompt, attachments }: Conversation): string {
	const seen = attachments.map(({ mediaType, bytes }) => `${mediaType} of ${bytes} bytes`);
	return seen.length ? seen.join(' and ') : prompt;
}

function reasoningFragments(body: JsonObject, prompt: string): string[] {
	const effort = body['reasoning_effort'];
	if (typeof effort !== 'string' || effort === 'none') return [];
	return splitIntoWords(`With ${effort} effort: the question is "${prompt}", so it is said back.`);
}

function argumentsOf(call: ToolCall): string {
	return call.function.arguments;
}
