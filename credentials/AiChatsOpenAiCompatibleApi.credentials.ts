import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import { apiBase } from '../providers/openAiCompatible/endpoints';
import { connectionOptions, headerRows, safeHeaders, text } from '../transport/connection';
import { connectionProperties } from './connection.properties';
import { openAiCompatibleTest } from './openAiCompatibleTest';

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
		url: baseURL === undefined ? request.url : apiBase(baseURL) + request.url,
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
