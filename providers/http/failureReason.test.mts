import { expect, test } from 'vitest';

import { failureReason } from './failureReason.ts';

const reasonOf = (status: number, serviceMessage = '', code?: string, retryAfter?: number) =>
	failureReason({ status, serviceMessage, code, retryAfter });

test.each([
	[401, '', undefined, 'wrongKey'],
	[403, 'Forbidden', undefined, 'wrongKey'],
	[401, 'key not allowed to access model', 'key_model_access_denied', 'unknownModel'],
	[403, 'Team not allowed to access model', 'team_model_access_denied', 'unknownModel'],
	[400, 'API key not valid. Please pass a valid API key.', 'INVALID_ARGUMENT', 'wrongKey'],
	[400, 'Authorization header is missing', undefined, 'wrongKey'],
	[412, 'Account is suspended', 'PRECONDITION_FAILED', 'wrongKey'],
	[402, 'Insufficient Balance', 'invalid_request_error', 'noCredit'],
	[429, 'You exceeded your current quota', 'insufficient_quota', 'noCredit'],
	[429, 'You exceeded your current quota', 'exceeded_current_quota_error', 'noCredit'],
	[429, 'x', '1113', 'noCredit'],
	[403, '用户额度不足', 'insufficient_user_quota', 'noCredit'],
	[400, 'Access denied, account is in arrears', 'Arrearage', 'noCredit'],
	[400, 'Your credit balance is too low to access the API', undefined, 'noCredit'],
	[404, "model 'llama9' not found", 'not_found_error', 'unknownModel'],
	[
		404,
		'The model `gpt-9` does not exist or you do not have access to it.',
		'model_not_found',
		'unknownModel',
	],
	[404, 'No endpoints found for foo/bar.', undefined, 'unknownModel'],
	[404, 'model: claude-x', 'not_found_error', 'unknownModel'],
	[404, 'file: model: claude-x', 'not_found_error', 'noEndpoint'],
	[400, 'The provided model identifier is invalid.', undefined, 'unknownModel'],
	[
		404,
		'The API deployment for this resource does not exist.',
		'DeploymentNotFound',
		'unknownModel',
	],
	[400, "model 'x' not found", undefined, 'unknownModel'],
	[400, "Server is pinned to 'a'", undefined, 'unknownModel'],
	[503, '当前分组下对于模型 x 无可用渠道', undefined, 'unknownModel'],
	[503, 'No available channel for model x', undefined, 'unknownModel'],
	[404, 'File Not Found', 'not_found_error', 'noEndpoint'],
	[404, 'Not Found', undefined, 'noEndpoint'],
	[405, '', undefined, 'noEndpoint'],
	[413, '<html>', undefined, 'tooLarge'],
	[413, 'Request too large for model `x` on tokens per minute (TPM)', undefined, 'tooLarge'],
	[422, "Unexpected fields in the request: {'top_k'}", undefined, 'input'],
	[400, 'Argument not supported on this model: presencePenalty', undefined, 'input'],
	[
		500,
		'image input is not supported - hint: you may need to provide the mmproj',
		undefined,
		'input',
	],
	[
		400,
		'the request exceeds the available context size',
		'exceed_context_size_error',
		'contextTooLong',
	],
	[400, "This model's maximum context length is 8192 tokens.", undefined, 'contextTooLong'],
	[400, 'prompt is too long: 210000 tokens > 200000 maximum', undefined, 'contextTooLong'],
	[400, "triggering Azure OpenAI's content management policy", 'content_filter', 'moderation'],
	[400, 'Your request was rejected by the safety system', 'moderation_blocked', 'moderation'],
	[403, 'Your input was flagged', undefined, 'moderation'],
	[
		403,
		'Country, region, or territory not supported',
		'unsupported_country_region_territory',
		'region',
	],
	[400, 'User location is not supported for the API use.', undefined, 'region'],
	[429, 'Too many requests', 'rate_limit_exceeded', undefined],
	[500, 'Internal Server Error', undefined, undefined],
	[503, 'Loading model', 'unavailable_error', undefined],
	[503, 'The model is overloaded. Please try again later.', undefined, undefined],
	[529, 'Overloaded', undefined, undefined],
	[200, 'login fail: please carry the API key', '1004', 'wrongKey'],
	[200, 'Something odd', undefined, undefined],
] as const)('%i %j (%s): %s', (status, message, code, reason) => {
	expect(reasonOf(status, message, code)).toBe(reason);
});

test('a refused field "model" is an unknown model', () => {
	const failure = { status: 400, serviceMessage: 'x', parameter: 'model' };
	expect(failureReason(failure)).toBe('unknownModel');
});

test('a used-up quota that is renewed soon is only a limit', () => {
	const message = 'You exceeded your current quota, please check your plan and billing details';
	expect(reasonOf(429, message, 'RESOURCE_EXHAUSTED', 17_000)).toBeUndefined();
	expect(reasonOf(429, message, 'RESOURCE_EXHAUSTED')).toBe('noCredit');
});

test('a message made to take long does not', () => {
	const start = performance.now();
	for (const piece of ['model ', 'country ', 'request ', 'api key ', 'invalid ']) {
		reasonOf(400, piece.repeat(65_000 / piece.length));
	}
	expect(performance.now() - start).toBeLessThan(2000);
});
