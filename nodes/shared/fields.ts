import { type INode, type INodeProperties, NodeOperationError } from 'n8n-workflow';

import { asObject, type JsonObject, parseJson } from '../../providers/decode/json';
import type { ItemRun } from '../AiChats/ItemRun';
import type { ProviderName } from './providers';

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

/** Which node's field of which item is read: for the error that names it. */
export interface FieldPlace {
	readonly context: { getNode(): INode };
	readonly itemIndex: number;
}

/**
 * A JSON field's value: text, or what an expression gave.
 * @throws NodeOperationError that names the field, for text that is no JSON
 */
export function readJson(place: FieldPlace, field: string, value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const parsed = parseJson(value);
	if (parsed.ok) return parsed.value;
	throw jsonError(place, `'${field}' is not valid JSON`, `${parsed.reason}.`);
}

/** The same, for fields that hold an object. */
export function readJsonObject(place: FieldPlace, field: string, value: unknown): JsonObject {
	const object = asObject(readJson(place, field, value === '' ? '{}' : value));
	if (object !== undefined) return object;
	throw jsonError(place, `'${field}' is not a JSON object`, 'Write it as { "name": "value" }.');
}

function jsonError(
	{ context, itemIndex }: FieldPlace,
	message: string,
	description: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), message, { itemIndex, description });
}

/**
 * A text field's value, trimmed. An expression may give nothing, which is the empty text, or a number.
 * @param label the field as the user sees it
 * @throws NodeOperationError for anything else
 */
export function asFieldText(run: ItemRun, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value).trim();
	throw new NodeOperationError(run.context.getNode(), `'${label}' is not a text`, {
		itemIndex: run.itemIndex,
		description: 'Its expression gives an object or a list. Choose one of its fields.',
	});
}
