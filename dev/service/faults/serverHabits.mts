import type { Directives } from '../directives/directive.mts';
import { openAiError, type OpenAiError } from '../openai/errors.mts';

/** What some OpenAI-compatible servers do otherwise than OpenAI. */
export interface ServerHabit {
	usage: string;
	explanation: string;
	/** The request field that the server answers with 400. */
	refuses?: string;
}

function refusal(field: string): ServerHabit {
	const name = `refuse-${field.replaceAll('_', '-')}`;
	return { usage: name, explanation: `OpenAI: 400 when \`${field}\` is sent`, refuses: field };
}

export const serverHabits: Record<string, ServerHabit> = {
	'refuse-stream': refusal('stream'),
	'refuse-stream-options': refusal('stream_options'),
	'refuse-max-completion-tokens': refusal('max_completion_tokens'),
	'refuse-max-tokens': refusal('max_tokens'),
	'refuse-response-format': refusal('response_format'),
	'ignore-response-format': {
		usage: 'ignore-response-format style=fence|broken',
		explanation: 'OpenAI: JSON in a markdown fence after a preamble, or broken JSON',
	},
	'no-models': { usage: 'no-models', explanation: 'OpenAI: no /models route (404)' },
};

/** The error for the first refused field that the request has, if any. */
export function refusedField(
	directives: Directives,
	body: Record<string, unknown>,
): OpenAiError | undefined {
	for (const { name } of directives.list) {
		const field = serverHabits[name]?.refuses;
		if (!field || !body[field]) continue;
		const message = `Unsupported parameter: '${field}' is not supported with this model.`;
		return openAiError(message, 'invalid_request_error', 'unsupported_parameter', field);
	}
	return undefined;
}
