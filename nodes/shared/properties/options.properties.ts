import type { INodeProperties } from 'n8n-workflow';

/** A collection of optional fields, sorted as n8n shows them. */
export function optionsCollection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		// By code units: to load the rules of a language takes longer than all else that is done on loading.
		options: options.sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
	};
}

/** Fields of the request's body that have no field here. */
export const extraBodyProperty: INodeProperties = {
	displayName: 'Extra Body',
	name: 'extraBody',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. { "top_k": 20 }',
	description:
		'JSON object whose fields are put into the request. They win over all other settings.',
};
