import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { networkSettings } from './networkSettings';
import { type OpenedService, openService, type ProviderName } from './openProvider';
import { toNodeError } from './toNodeError';

/** The models to choose from, for the chosen provider and operation. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const operation = this.getCurrentNodeParameter('operation');
	const name = (this.getCurrentNodeParameter('provider') ?? 'aiChats') as ProviderName;
	let opened: OpenedService | undefined;
	try {
		opened = await openService(this, name, networkSettings({ timeout: 30 }));
		const { provider } = opened.provider();
		const models = await provider.listModels(operation === 'image' ? 'image' : 'chat');
		const wanted = filter.toLowerCase();
		const found = models.filter((model) => model.toLowerCase().includes(wanted));
		return { results: found.map((model) => ({ name: model, value: model })) };
	} catch (error) {
		throw toNodeError(error, this.getNode(), 0, opened?.redact ?? ((words) => words));
	}
}
