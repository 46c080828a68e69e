import type { INodeProperties } from 'n8n-workflow';

/** How to get to a service: fields that every credential of this package has. */
export const connectionProperties: INodeProperties[] = [
	{
		displayName: 'Headers',
		name: 'headers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Header',
		default: {},
		description: 'Further headers to send to the base URL',
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
						description: 'Name of the header',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						typeOptions: { password: true },
						default: '',
						placeholder: 'e.g. research',
						description: 'Value of the header',
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
		description:
			"HTTP proxy for all requests with this credential. When empty, n8n's own proxy settings apply.",
	},
	{
		displayName: 'Ignore SSL Issues (Insecure)',
		name: 'allowUnauthorizedCerts',
		type: 'boolean',
		default: false,
		description: 'Whether to connect even if the certificate of the service cannot be verified',
	},
];

const ERROR_STATUSES = { first: 400, last: 599 };

/** Every error status but these: with them, a server shows that it knows the request. */
export function failuresBut(...expected: number[]): number[] {
	const { first, last } = ERROR_STATUSES;
	const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
	return all.filter((status) => !expected.includes(status));
}

/** A web page, told by its first character: n8n's test rules look only at the keys of a body. */
export const WEB_PAGE_RULE = {
	type: 'responseSuccessBody' as const,
	properties: { key: '0', value: '<', message: '' },
};
