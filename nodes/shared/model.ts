import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';

import type { ModelKind } from '../../providers/types';
import type { ItemRun } from '../AiChats/ItemRun';
import { type Occasion, showFor } from './fields';
import { networkSettings } from './network';
import { DEFAULT_MODELS, type OpenedService, openService, type ProviderName } from './providers';
import { toNodeError } from './toNodeError';

/** The model field for an occasion, which names the provider's default. */
export function modelProperties(occasion: Occasion): INodeProperties[] {
	const defaults = DEFAULT_MODELS[occasion.operation ?? 'chat'];
	return (['aiChats', 'openAiCompatible'] as const).flatMap((provider) =>
		showFor({ ...occasion, provider }, [modelProperty(defaults[provider])]),
	);
}

/**
 * From the service's list, or by ID. Empty unless chosen: the editor keeps the value when the user changes
 * the operation or the provider, and clears it when a credential is saved again.
 */
function modelProperty(defaultModel: string): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: `The model to ask. Choose from the list, or enter its ID. When empty, ${defaultModel} is asked.`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `${defaultModel} (default)`,
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${defaultModel}`,
			},
		],
	};
}

/** The model's ID, from whichever mode of the field; the default of the provider when it is empty. */
export function readModel(run: ItemRun, kind: ModelKind): string {
	const chosen = run.parameter<unknown>('model', '', { extractValue: true }) ?? '';
	return String(chosen).trim() || DEFAULT_MODELS[kind][run.providerName];
}

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
