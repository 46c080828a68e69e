import type { INodeProperties } from 'n8n-workflow';

import type { ProviderName } from '../../shared/openProvider';

/** When a field is shown, besides the rules it has of its own. */
export interface Occasion {
	operation?: 'chat' | 'image';
	provider?: ProviderName;
}

/** The fields, shown only on this occasion. */
export function showFor(occasion: Occasion, properties: INodeProperties[]): INodeProperties[] {
	const rules = Object.entries(occasion).map(([field, value]) => [field, [value]]);
	return properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...property.displayOptions?.show, ...Object.fromEntries(rules) },
		},
	}));
}
