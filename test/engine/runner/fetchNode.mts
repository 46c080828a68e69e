import type { IHttpRequestOptions, INodeExecutionData } from 'n8n-workflow';

import { credentialUse, nodeType, textParameter } from './nodeType.mts';

export const fetchNode = nodeType(
	'fetch',
	async function () {
		const outputs: INodeExecutionData[] = [];
		for (const index of this.getInputData().keys()) {
			const url = this.getNodeParameter('url', index) as string;
			const options: IHttpRequestOptions = { url, json: true };
			const signed = this.getNodeParameter('signed', index) === 'yes';
			try {
				const json = signed
					? await this.helpers.httpRequestWithAuthentication.call(this, 'testApi', options)
					: await this.helpers.httpRequest(options);
				outputs.push({ json, pairedItem: { item: index } });
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				const failure = error as INodeExecutionData['error'];
				outputs.push({ json: { url }, error: failure, pairedItem: { item: index } } as never);
			}
		}
		return [outputs];
	},
	{
		properties: [textParameter('url'), textParameter('signed')],
		credentials: [credentialUse],
	},
);
