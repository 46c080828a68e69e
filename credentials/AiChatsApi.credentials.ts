import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { cleanCookie, secretText } from '../transport/credential';
import { authenticated, connectionProperties } from './common';

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
			description: 'Address of the service. The public site asks for a captcha.',
		},
		{
			displayName: 'Session Cookie',
			name: 'sessionCookieSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. session=abc123',
			description: 'The cookie header of your browser session',
		},
		...connectionProperties,
	];

	/**
	 * Left out: the nodes test the credential (`testedBy`). A test request of n8n's own would follow redirects
	 * together with the header rows, and read an answer of any size.
	 */
	declare test?: ICredentialTestRequest;

	authenticate = async (
		credential: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const cookie = cleanCookie(secretText(credential['sessionCookieSecret']));
		return authenticated(credential, request, cookie === '' ? {} : { cookie });
	};
}
