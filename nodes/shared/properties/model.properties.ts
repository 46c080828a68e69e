import type { INodeProperties } from 'n8n-workflow';

import type { ProviderName } from '../openProvider';
import { type Occasion, showFor } from './showFor';

/** The model field for an occasion: its default depends on the provider. */
export function modelProperties(
	occasion: Occasion,
	defaults: Record<ProviderName, string>,
): INodeProperties[] {
	return (['aiChats', 'openAiCompatible'] as const).flatMap((provider) =>
		showFor({ ...occasion, provider }, [modelProperty(defaults[provider])]),
	);
}

/** From the service's list, or by ID. */
function modelProperty(defaultModel: string): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: defaultModel, cachedResultName: defaultModel },
		required: true,
		description: 'The model to ask. Choose from the list, or enter its ID.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a model...',
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
