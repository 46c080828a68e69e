import type { ICredentialTestRequest } from 'n8n-workflow';

import { failuresBut, WEB_PAGE_RULE } from './testRules';

const WRONG_URL = 'No OpenAI-compatible server answers at this base URL';
const WRONG_KEY = 'The server does not accept this API key';

/**
 * A chat request without messages: every server refuses it after it has looked at the key, so it costs
 * nothing. Unlike `/models` it exists everywhere, and nowhere without a key where one is needed.
 */
export const openAiCompatibleTest: ICredentialTestRequest = {
	request: {
		method: 'POST',
		baseURL: '={{ $credentials.baseUrl }}',
		url: '/chat/completions',
		headers: { accept: 'application/json' },
		body: { messages: [] },
		ignoreHttpStatusErrors: { ignore: true, except: failuresBut(400, 422) },
	},
	rules: [
		{ type: 'responseCode', properties: { value: 401, message: WRONG_KEY } },
		{ type: 'responseCode', properties: { value: 403, message: WRONG_KEY } },
		{ type: 'responseCode', properties: { value: 404, message: WRONG_URL } },
		{ type: 'responseCode', properties: { value: 405, message: WRONG_URL } },
		{ ...WEB_PAGE_RULE, properties: { ...WEB_PAGE_RULE.properties, message: WRONG_URL } },
	] as NonNullable<ICredentialTestRequest['rules']>,
};
