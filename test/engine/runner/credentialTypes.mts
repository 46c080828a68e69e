import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { textParameter } from './nodeType.mts';

export class TestApi {
	name = 'testApi';
	displayName = 'Test API';
	properties = [
		textParameter('key'),
		textParameter('url', 'http://127.0.0.1:9'),
		textParameter('region', 'default-region'),
	];

	async authenticate(
		{ key, url, region }: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const headers = { ...request.headers, 'x-key': key, 'x-region': region };
		return { baseURL: url as string, ...request, headers };
	}

	test = {
		request: { baseURL: '={{$credentials.url}}', url: '={{$credentials.key}}' },
		rules: [
			{
				type: 'responseSuccessBody' as const,
				properties: { key: 'state', value: 'blocked', message: 'This key is blocked' },
			},
		],
	};
}

export const genericApi = {
	name: 'genericApi',
	displayName: 'Generic API',
	extends: ['testApi'],
	properties: [textParameter('token')],
	authenticate: {
		type: 'generic' as const,
		properties: { headers: { authorization: '=Bearer {{$credentials.token}}' } },
	},
	test: {
		request: { baseURL: '={{$credentials.url}}', url: '/status/401' },
		rules: [
			{ type: 'responseCode' as const, properties: { value: 401, message: 'Token refused' } },
		],
	},
};

export const functionTestedApi = {
	name: 'functionTestedApi',
	displayName: 'Tested by a node',
	properties: [textParameter('key')],
};
