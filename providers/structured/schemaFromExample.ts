import { asObject, type JsonObject } from '../decode/json';

/**
 * A JSON Schema that an example fits: every field required, nothing else allowed. A list may hold
 * whatever kinds of entries its example shows.
 */
export function schemaFromExample(example: unknown): JsonObject {
	if (Array.isArray(example)) return listSchema(example);
	const object = asObject(example);
	if (object === undefined) return scalarSchema(example);
	const properties = Object.entries(object).map(([name, value]) => [
		name,
		schemaFromExample(value),
	]);
	return {
		type: 'object',
		properties: Object.fromEntries(properties) as JsonObject,
		required: Object.keys(object),
		additionalProperties: false,
	};
}

function listSchema(entries: readonly unknown[]): JsonObject {
	const kinds = new Map(
		entries.map(schemaFromExample).map((schema) => [JSON.stringify(schema), schema]),
	);
	const [first, ...others] = kinds.values();
	if (first === undefined) return { type: 'array' };
	return { type: 'array', items: others.length === 0 ? first : { anyOf: [first, ...others] } };
}

function scalarSchema(value: unknown): JsonObject {
	if (typeof value === 'string') return { type: 'string' };
	if (typeof value === 'number') return { type: 'number' };
	return typeof value === 'boolean' ? { type: 'boolean' } : {};
}
