import type { Reply } from '../../providers/collectReply.ts';
import type { ProviderErrorDetails, ProviderErrorKind } from '../../providers/errors.ts';
import type { GenerateOptions, Message } from '../../providers/types.ts';

/** What a server answered to one request. */
export interface RecordedAnswer {
	status?: number;
	headers?: Record<string, string>;
	body: string;
	/** The connection breaks after the body. */
	breaks?: boolean;
}

/** What comes out: a reply, or an error. */
export type Outcome =
	| { reply: Partial<Reply> }
	| {
			error: { kind: ProviderErrorKind; message?: string; details?: Partial<ProviderErrorDetails> };
	  };

/**
 * Answers in the shape of a server, and what they mean. The shapes are facts about servers, found in their
 * sources and documents or seen in a run; the texts are ours.
 */
export type Recording = Outcome & {
	/** What the server does here, as a sentence goes on: "llama.cpp …". */
	name: string;
	messages?: Message[];
	options?: GenerateOptions;
	/** The last one is replayed at every split; those before it are refusals that it follows. */
	answers: [...RecordedAnswer[], RecordedAnswer];
};

const STREAM = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };
export const DONE = 'data: [DONE]\n\n';

/** A stream of events with this data. */
export function stream(...events: Array<object | string>): RecordedAnswer {
	const body = events.map((event) =>
		typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`,
	);
	return { headers: STREAM, body: body.join('') };
}

export function json(value: unknown, status = 200): RecordedAnswer {
	return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

export function plain(body: string, status = 200): RecordedAnswer {
	return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** An error as OpenAI words it. */
export function openAiError(message: string, fields: object = {}, status = 400): RecordedAnswer {
	return json({ error: { message, ...fields } }, status);
}

/** A chunk of a streamed completion. */
export function delta(content: object, finish: string | null = null, fields: object = {}): object {
	return { ...fields, choices: [{ index: 0, delta: content, finish_reason: finish }] };
}

export function text(content: string, finish: string | null = null, fields: object = {}): object {
	return delta({ content }, finish, fields);
}

/** A fragment of a tool call. */
export function call(args: string, fields: object = {}, name?: string): object {
	const named = name === undefined ? {} : { name };
	return delta({
		tool_calls: [
			{ index: 0, type: 'function', function: { ...named, arguments: args }, ...fields },
		],
	});
}

/** A whole completion. */
export function completion(message: object, finish: string, fields: object = {}): object {
	return {
		object: 'chat.completion',
		...fields,
		choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
	};
}
