import type {
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { connectionOptions, headerRows, safeHeaders } from '../transport/credential';

/**
 * A request as its credential makes it. Proxy and TLS settings are for other nodes that use the credential, such as
 * n8n's HTTP Request.
 * @param identity headers that say who the user is, which the credential's own headers override
 */
export function authenticated(
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
	identity: Record<string, string>,
): IHttpRequestOptions {
	const secret = safeHeaders({ ...identity, ...headerRows(credential) });
	return {
		...connectionOptions(credential),
		...request,
		headers: { ...request.headers, ...secret },
	};
}

/** How to get to a service: fields that every credential of this package has. */
export const connectionProperties: INodeProperties[] = [
	{
		displayName: 'Headers',
		name: 'headers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Header',
		default: {},
		description: 'Additional headers to send',
		options: [
			{
				displayName: 'Header',
				name: 'values',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. X-Team',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						typeOptions: { password: true },
						default: '',
						placeholder: 'e.g. research',
					},
				],
			},
		],
	},
	{
		displayName: 'Proxy URL',
		name: 'proxyUrl',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. http://user:password@proxy.example.com:8080',
		description: "Leave empty to use n8n's own proxy settings",
	},
	{
		displayName: 'Ignore SSL Issues (Insecure)',
		name: 'allowUnauthorizedCerts',
		type: 'boolean',
		default: false,
		description: 'Whether to connect even if SSL certificate validation is not possible',
	},
];
