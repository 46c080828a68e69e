export interface OpenAiError {
	error: { message: string; type: string; param: string | null; code: string | null };
}

export function openAiError(
	message: string,
	type: string,
	code: string | null = null,
	param: string | null = null,
): OpenAiError {
	return { error: { message, type, param, code } };
}

export const missingModel = 'no-such-model';

const ids = [
	'gpt-4o-mini',
	'gpt-4',
	'gpt-4.1',
	'gpt-6-luna',
	'llama3.2:1b',
	'qwen2.5:7b-instruct',
	'mistral-small',
	'deepseek-reasoner',
	'text-embedding-3-small',
	'dall-e-3',
	'gpt-image-2',
	'flux-schnell',
];

export const modelList = {
	object: 'list',
	data: ids.map((id) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'stand-in' })),
};

/** A request that is answered with an error. */
export interface Failure {
	status: number;
	error: OpenAiError;
}

type JsonObject = Record<string, unknown>;

export function badRequest(message: string, param: string | null, code: string | null): Failure {
	return { status: 400, error: openAiError(message, 'invalid_request_error', code, param) };
}

/** @returns what is wrong with the fields that every request must have. */
export function findFailure(body: unknown, required: string[]): Failure | undefined {
	if (typeof body !== 'object' || body === null) {
		return badRequest('We could not parse the body of your request.', null, null);
	}
	const missing = required.find((field) => isMissing((body as JsonObject)[field]));
	if (missing) {
		const message = `Missing required parameter: '${missing}'.`;
		return badRequest(message, missing, 'missing_required_parameter');
	}
	return (body as JsonObject)['model'] === missingModel ? unknownModel() : undefined;
}

function isMissing(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

function unknownModel(): Failure {
	const message = `The model \`${missingModel}\` does not exist or you do not have access to it.`;
	const error = openAiError(message, 'invalid_request_error', 'model_not_found', 'model');
	return { status: 404, error };
}
