import type { ICredentialTestRequest } from 'n8n-workflow';

import { failuresBut, WEB_PAGE_RULE } from './testRules';

const CAPTCHA =
	'The service asks for a captcha: open its site in your browser, solve it and paste your own session cookie here';
const WRONG_URL = 'No Ai-Chats service answers at this base URL';

/**
 * An empty conversation: it costs nothing, and a service that knows the protocol answers it with data
 * or refuses it as empty.
 */
export const aiChatsTest: ICredentialTestRequest = {
	request: {
		method: 'POST',
		baseURL: '={{ $credentials.baseUrl }}',
		url: '/chat/send2/',
		headers: { accept: 'application/json, text/event-stream' },
		body: { type: 'chat', messagesHistory: [] },
		ignoreHttpStatusErrors: { ignore: true, except: failuresBut(400, 422) },
	},
	rules: [
		{ type: 'responseCode', properties: { value: 403, message: CAPTCHA } },
		{ type: 'responseCode', properties: { value: 404, message: WRONG_URL } },
		{ type: 'responseCode', properties: { value: 405, message: WRONG_URL } },
		{ ...WEB_PAGE_RULE, properties: { ...WEB_PAGE_RULE.properties, message: CAPTCHA } },
	] as NonNullable<ICredentialTestRequest['rules']>,
};
