import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { baseUrl } from '../providers/http/urls';
import { connectionOptions, headerRows, safeHeaders, text } from '../transport/credential';
import { connectionProperties, failuresBut, WEB_PAGE_RULE } from './common';

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

/** How to reach an Ai-Chats service, and who the user is to it. */
export class AiChatsApi implements ICredentialType {
	name = 'aiChatsApi';

	displayName = 'AiChats API';

	icon: Icon = { light: 'file:../icons/aichats.svg', dark: 'file:../icons/aichats.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-aichats/n8n-nodes-aichats#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://ai-chats.org',
			required: true,
			placeholder: 'e.g. https://ai-chats.org',
			description:
				'Address of the service. The public site asks programs for a captcha; a service of your own does not.',
		},
		{
			displayName: 'Session Cookie',
			name: 'sessionCookieSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. session=abc123',
			description:
				'The cookie header of your own session, copied from your browser. Sent only to the base URL.',
		},
		...connectionProperties,
	];

	authenticate: IAuthenticate = async (credentials, { baseURL, ...request }) => {
		const cookie = text(credentials['sessionCookieSecret']);
		const secret = { ...(cookie === '' ? {} : { cookie }), ...headerRows(credentials) };
		return {
			...request,
			// Only the credential test comes with a base of its own: as the user wrote it.
			url: baseURL === undefined ? request.url : baseUrl(baseURL) + request.url,
			...connectionOptions(credentials),
			headers: { ...request.headers, ...safeHeaders(secret) },
		};
	};

	test: ICredentialTestRequest = aiChatsTest;
}
