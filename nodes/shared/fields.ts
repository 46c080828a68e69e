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
 * @throws NodeOperationError that names the field, for text that is not JSON, and for a value that is nested too deep
 */
export function readJson(place: FieldPlace, label: string, value: unknown): unknown {
	const parsed = typeof value === 'string' ? parseJson(value) : { ok: true as const, value };
	if (!parsed.ok) throw fieldError(place, `'${label}' is not valid JSON`, `${parsed.reason}.`);
	if (isDeeperThan(MAX_JSON_DEPTH, parsed.value)) {
		throw fieldError(
			place,
			`'${label}' is nested more than ${MAX_JSON_DEPTH} levels deep`,
			'Shorten it. If it is an expression, check that the object does not contain itself.',
		);
	}
	return parsed.value;
}

/** What reads JSON calls itself for each level; a few thousand of them exhaust the stack. */
const MAX_JSON_DEPTH = 200;

function isDeeperThan(levels: number, value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
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
