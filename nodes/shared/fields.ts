import { type INode, NodeOperationError } from 'n8n-workflow';

import { asObject, type JsonObject, parseJson } from '../../providers/decode/json';

/** Which node's field of which item is read: for the error that names it. */
export interface FieldPlace {
	readonly context: { getNode(): INode };
	readonly itemIndex: number;
}

/** An error that names a field of an item, and says what to do about it. */
export function fieldError(
	{ context, itemIndex }: FieldPlace,
	message: string,
	description: string,
): NodeOperationError {
	return new NodeOperationError(context.getNode(), message, { itemIndex, description });
}

/**
 * A JSON field's value: parsed from text, or what an expression returned.
 * @param label the field's name as the editor shows it
 * @throws NodeOperationError that names the field, for text that is not JSON and for a value that has no JSON
 */
export function readJson(place: FieldPlace, label: string, value: unknown): unknown {
	if (typeof value !== 'string') {
		toJson(place, label, value);
		return value;
	}
	const parsed = parseJson(value);
	if (parsed.ok) return parsed.value;
	throw fieldError(place, `'${label}' is not valid JSON`, `${parsed.reason}.`);
}

/** Like readJson, for fields that hold an object. An empty field is an empty object. */
export function readJsonObject(place: FieldPlace, label: string, value: unknown): JsonObject {
	const object = asObject(readJson(place, label, value === '' ? '{}' : value));
	if (object !== undefined) return object;
	throw fieldError(place, `'${label}' is not a JSON object`, 'Write it as { "name": "value" }.');
}

/**
 * The JSON of what an expression returned.
 * @throws NodeOperationError that names the field, for a value that contains itself or is nested too deep
 */
export function toJson(place: FieldPlace, label: string, value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		throw fieldError(
			place,
			`'${label}' cannot be written as JSON`,
			'Its expression returns an object that contains itself or is nested too deep. Choose one of its fields.',
		);
	}
}

/**
 * A text field's value, trimmed. An expression may return nothing, which is the empty text, or a number.
 * @throws NodeOperationError that names the field, for anything else
 */
export function asFieldText(place: FieldPlace, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (isPlain(value)) return String(value).trim();
	throw fieldError(
		place,
		`'${label}' is not text`,
		'Its expression returns an object or a list. Choose one of its fields.',
	);
}

/** Whether a value has a text of its own. */
export function isPlain(value: unknown): boolean {
	return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}
