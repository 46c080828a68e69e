import { type INode, NodeOperationError } from 'n8n-workflow';

import { asObject, type JsonObject, parseJson } from '../../providers/decode/json';

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
