import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	ILoadOptionsFunctions,
} from 'n8n-workflow';

import { credentialUse, nodeType, textParameter } from './nodeType.mts';

export const credentialNode = nodeType(
	'credential',
	async function () {
		return [[{ json: { ...(await this.getCredentials('testApi')) } }]];
	},
	{ credentials: [credentialUse, { name: 'functionTestedApi', testedBy: 'checkKey' }] },
);
credentialNode.methods = {
	credentialTest: {
		async checkKey(this: ICredentialTestFunctions, { data }: ICredentialsDecrypted) {
			const matches = data?.key === 'right';
			return { status: matches ? 'OK' : 'Error', message: matches ? 'Right' : 'Wrong key' };
		},
	},
	listSearch: {
		async models(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
			const options = { url: '/models', json: true };
			const { path } = await this.helpers.httpRequestWithAuthentication.call(
				this,
				'testApi',
				options,
			);
			const kind = this.getCurrentNodeParameter('kind') as string;
			const values = [path, kind, filter ?? ''].map((name) => ({ name, value: name }));
			return { results: values, paginationToken: `${paginationToken ?? ''}+` };
		},
	},
	loadOptions: {
		async kinds(this: ILoadOptionsFunctions) {
			return [{ name: this.getNode().type, value: 'one' }];
		},
	},
};
credentialNode.description.properties = [textParameter('kind', 'plain')];
