import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { cleanKey, secretText, text } from '../transport/credential';
import { authenticated, connectionProperties } from './common';
import { OTHER, serviceOf, serviceProperties } from './services';

/** The value of 'Send Key As' for the header of RFC 6750. */
const BEARER = 'authorization';

type Credential = ICredentialDataDecryptedObject;

/** How to reach an OpenAI-compatible server, and who the user is to it. */
export class AiChatsOpenAiCompatibleApi implements ICredentialType {
	name = 'aiChatsOpenAiCompatibleApi';

	displayName = 'AiChats OpenAI-Compatible API';

	icon: Icon = { light: 'file:../icons/aichats.svg', dark: 'file:../icons/aichats.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-aichats/n8n-nodes-aichats#credentials';

	properties: INodeProperties[] = [
		...serviceProperties,
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.openai.com/v1',
			required: true,
			placeholder: 'e.g. http://localhost:11434/v1',
			description: 'Address of the server, with or without /v1',
			displayOptions: { show: { service: [OTHER] } },
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. sk-...',
			description: 'Leave empty if the server needs none',
		},
		{
			displayName: 'Send Key As',
			name: 'keyHeader',
			type: 'options',
			default: BEARER,
			options: [
				{ name: 'Api-Key Header', value: 'api-key', description: 'For Azure OpenAI' },
				{
					name: 'Authorization: Bearer',
					value: BEARER,
					description: 'For most servers',
				},
				{ name: 'X-Api-Key Header', value: 'x-api-key', description: 'For some gateways' },
			],
			description: 'The header to send the API key in',
			displayOptions: { show: { service: [OTHER] } },
		},
		{
			displayName: 'Organization ID',
			name: 'organization',
			type: 'string',
			default: '',
			placeholder: 'e.g. org-abc123',
			description: 'Leave empty unless the key belongs to several',
			displayOptions: { show: { service: ['openai', OTHER] } },
		},
		{
			displayName: 'Project ID',
			name: 'project',
			type: 'string',
			default: '',
			placeholder: 'e.g. proj_abc123',
			description: 'Leave empty unless the key belongs to several',
			displayOptions: { show: { service: ['openai', OTHER] } },
		},
		...connectionProperties,
	];

	/**
	 * Left out: the nodes test the credential (`testedBy`). A test request of n8n's own would follow redirects
	 * together with the header rows, and read an answer of any size.
	 */
	declare test?: ICredentialTestRequest;

	authenticate = async (
		credential: Credential,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => authenticated(credential, request, identity(credential));
}

function identity(credential: Credential): Record<string, string> {
	const key = cleanKey(secretText(credential['apiKey']));
	const keyHeader = serviceOf(credential)?.keyHeader ?? (text(credential['keyHeader']) || BEARER);
	const headers = {
		[keyHeader]: keyHeader === BEARER && key !== '' ? `Bearer ${key}` : key,
		'openai-organization': text(credential['organization']),
		'openai-project': text(credential['project']),
	};
	return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}
