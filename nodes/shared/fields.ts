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

/** For a field that must not be empty. */
export function emptyError(place: FieldPlace, label: string): NodeOperationError {
	return fieldError(
		place,
		`'${label}' is empty`,
		'Enter a value, or check that its expression finds one in this item.',
	);
}

/** For a choice that a workflow edited by hand, or an expression, makes. @param names what there is */
export function unknownChoice(
	place: FieldPlace,
	label: string,
	value: unknown,
	names: readonly string[],
): NodeOperationError {
	const message = `There is no ${label.toLowerCase()} '${String(value)}'`;
	const listed = names.join(', ').replace(/, ([^,]*)$/, ' or $1');
	return fieldError(place, message, `Set '${label}' to ${listed}.`);
}

/**
 * A JSON field's value: parsed from text, or what an expression returned.
 * @param label the field's name as the editor shows it
 * @throws NodeOperationError that names the field, for text that is not JSON, and for a value that is nested too deep
 */
export function readJson(place: FieldPlace, label: string, value: unknown): unknown {
	const parsed = typeof value === 'string' ? parseJson(value) : { ok: true as const, value };
	if (!parsed.ok) throw fieldError(place, `'${label}' is not valid JSON`, `${parsed.reason}.`);
	const excess = excessOf(parsed.value, MAX_JSON_DEPTH, { left: MAX_JSON_VALUES });
	if (excess !== undefined) {
		throw fieldError(place, `'${label}' ${excess}`, 'Shorten it.');
	}
	return parsed.value;
}

/** What reads JSON calls itself for each level; a few thousand of them exhaust the stack. */
const MAX_JSON_DEPTH = 200;
/** An object whose fields share a value a few dozen levels deep is endless to whoever reads it. */
const MAX_JSON_VALUES = 1_000_000;

/** Why a value is too much to be read, if it is. */
function excessOf(value: unknown, levels: number, budget: { left: number }): string | undefined {
	if (budget.left-- <= 0) return `holds more than ${MAX_JSON_VALUES} values`;
	if (typeof value !== 'object' || value === null) return undefined;
	if (levels === 0) return `is nested more than ${MAX_JSON_DEPTH} levels deep`;
	for (const inner of Object.values(value)) {
		const excess = excessOf(inner, levels - 1, budget);
		if (excess !== undefined) return excess;
	}
	return undefined;
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
		const excess = excessOf(value, Infinity, { left: MAX_JSON_VALUES });
		if (excess === undefined) return JSON.stringify(value) ?? '';
		throw new RangeError(excess);
	} catch {
		throw fieldError(
			place,
			`'${label}' cannot be written as JSON`,
			'Choose a field of what its expression returns.',
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
		'Choose a field of what its expression returns.',
	);
}

/** Whether a value has a text of its own. */
export function isPlain(value: unknown): boolean {
	return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

/** Whether a parameter may differ from item to item. n8n takes every text that begins with an equals sign for an expression. */
export function holdsExpression(parameter: unknown): boolean {
	return JSON.stringify(parameter)?.includes('"=') ?? false;
}
