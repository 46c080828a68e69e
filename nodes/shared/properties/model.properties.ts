import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_MODELS } from '../defaultModels';
import { type Occasion, showFor } from './showFor';

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
