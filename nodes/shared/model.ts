import type {
	IGetNodeParameterOptions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeProperties,
} from 'n8n-workflow';

import type { ModelKind } from '../../providers/types';
import { asFieldText, type FieldPlace } from './fields';
import { networkSettings } from './network';
import {
	asProviderName,
	DEFAULT_PROVIDER,
	type Occasion,
	type ProviderName,
	SERVICE_NAMES,
	type ServiceEntry,
	serviceEntry,
	serviceFields,
} from './providers';
import { type OpenedService, openService } from './service';
import { toNodeError } from './toNodeError';

/** The model field for an occasion, as each service has it. */
export function modelProperties(occasion: Occasion): INodeProperties[] {
	return serviceFields(occasion, (entry) => [modelProperty(entry, occasion.operation ?? 'chat')]);
}

/**
 * From the service's list, or by ID. Empty unless chosen: the editor keeps the value when the user changes
 * the operation or the provider, and clears it when a credential is saved again.
 */
function modelProperty(
	{ defaultModels, exampleModels }: ServiceEntry,
	kind: ModelKind,
): INodeProperties {
	const { [kind]: byDefault } = defaultModels;
	const whenEmpty =
		byDefault === '' ? 'May be empty if the server has only one.' : `Defaults to ${byDefault}.`;
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: `The model to use. Choose from the list, or enter its ID. ${whenEmpty}`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: byDefault === '' ? 'Choose a model…' : `${byDefault} (default)`,
				typeOptions: { searchListMethod: 'searchModels', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${exampleModels[kind]}`,
			},
		],
	};
}

/** Where a model is read from: any node's parameters, for an item. */
export interface ModelPlace extends FieldPlace {
	parameter(name: string, fallback?: unknown, options?: IGetNodeParameterOptions): unknown;
}

/**
 * The chosen model's ID, from whichever mode of the field, or the provider's default. Empty where there is
 * neither: then the provider asks its server (see `resolveModel`).
 * @throws NodeOperationError for an expression that returns an object
 */
export function readModel(place: ModelPlace, provider: ProviderName, kind: ModelKind): string {
	// The connected node has chosen, and the field is not there.
	if (provider === 'connectedModel') return '';
	const chosen = place.parameter('model', '', { extractValue: true });
	return asFieldText(place, 'Model', chosen) || serviceEntry(provider).defaultModels[kind];
}

/** The models to choose from, for the chosen provider and operation. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const kind = this.getCurrentNodeParameter('operation') === 'image' ? 'image' : 'chat';
	const chosen = this.getCurrentNodeParameter('provider') ?? DEFAULT_PROVIDER;
	let opened: OpenedService | undefined;
	try {
		const name = asProviderName({ context: this, itemIndex: 0 }, chosen, SERVICE_NAMES);
		opened = await openService(this, name, networkSettings({ timeout: 30 }));
		const { provider } = opened.provider();
		const models = await provider.listModels(kind);
		const wanted = filter.toLowerCase();
		const found = models.filter((model) => model.toLowerCase().includes(wanted));
		return { results: found.map((model) => ({ name: model, value: model })) };
	} catch (error) {
		throw toNodeError(error, this.getNode(), 0, opened?.redact ?? ((unread) => unread));
	}
}
