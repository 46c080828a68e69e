import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { endpointUrl } from '../providers/openAiCompatible/address';
import { connectionOptions, headerRows, safeHeaders, text } from '../transport/credential';
import { connectionProperties, failuresBut, WEB_PAGE_RULE } from './common';

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

/** How to reach an OpenAI-compatible server, and who the user is to it. */
export class AiChatsOpenAiCompatibleApi implements ICredentialType {
	name = 'aiChatsOpenAiCompatibleApi';

	displayName = 'AiChats OpenAI-Compatible API';

	icon: Icon = { light: 'file:../icons/aichats.svg', dark: 'file:../icons/aichats.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-aichats/n8n-nodes-aichats#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.openai.com/v1',
			required: true,
			placeholder: 'e.g. http://localhost:11434/v1',
			description:
				'Address of the server, with or without /v1. The address of an endpoint, such as /v1/chat/completions, works too.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. sk-...',
			description: 'Key for the server. Leave empty for a local server that asks for none.',
		},
		{
			displayName: 'Organization ID',
			name: 'organization',
			type: 'string',
			default: '',
			placeholder: 'e.g. org-abc123',
			description: 'Organization to bill at OpenAI, if the key belongs to several',
		},
		{
			displayName: 'Project ID',
			name: 'project',
			type: 'string',
			default: '',
			placeholder: 'e.g. proj_abc123',
			description: 'Project to bill at OpenAI, if the key belongs to several',
		},
		...connectionProperties,
	];

	authenticate: IAuthenticate = async (credentials, { baseURL, ...request }) => ({
		...request,
		// Only the credential test comes with a base of its own: as the user wrote it.
		url: baseURL === undefined ? request.url : endpointUrl(baseURL, request.url),
		...connectionOptions(credentials),
		headers: {
			...request.headers,
			...safeHeaders({ ...identity(credentials), ...headerRows(credentials) }),
		},
	});

	test: ICredentialTestRequest = openAiCompatibleTest;
}

function identity(credentials: Parameters<typeof headerRows>[0]): Record<string, string> {
	const headers = {
		authorization: prefixed('Bearer ', text(credentials['apiKey'])),
		'openai-organization': text(credentials['organization']),
		'openai-project': text(credentials['project']),
	};
	return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

function prefixed(prefix: string, value: string): string {
	return value === '' ? '' : prefix + value;
}
