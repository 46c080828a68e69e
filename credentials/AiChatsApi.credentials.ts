import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import { baseUrl } from '../providers/http/baseUrl';
import { connectionOptions, headerRows, safeHeaders, text } from '../transport/connection';
import { aiChatsTest } from './aiChatsTest';
import { connectionProperties } from './connection.properties';

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
