import { asObject, type JsonObject } from '../decode/json';

/**
 * What of a value does not fit a JSON Schema, as a sentence with the place, or undefined. Knows the
 * keywords that models' answers are described with (types, enum, const, properties, items, limits,
 * pattern, combinations, local $ref); others are left to the service.
 */
export function schemaFault(value: unknown, schema: unknown): string | undefined {
	return check(value, schema, { root: schema, path: 'the answer', depth: 0, applied: [] });
}

interface Place {
	root: unknown;
	path: string;
	depth: number;
	/** The schemas that lead here within the same value: one that leads back to itself adds nothing. */
	applied: readonly unknown[];
}

type Check = (value: unknown, schema: JsonObject, place: Place) => string | undefined;

/** Answers are not followed deeper than anyone wants them. */
const MAX_DEPTH = 64;

function check(value: unknown, schema: unknown, place: Place): string | undefined {
	if (schema === false) return `${place.path} is not allowed`;
	const rules = asObject(schema);
	if (rules === undefined || place.depth > MAX_DEPTH || place.applied.includes(rules)) {
		return undefined;
	}
	const inside = { ...place, depth: place.depth + 1, applied: [...place.applied, rules] };
	for (const rule of CHECKS) {
		const fault = rule(value, rules, inside);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function partOf(place: Place, step: string): Place {
	return { ...place, path: place.path + step, applied: [] };
}

const CHECKS: readonly Check[] = [
	checkReference,
	checkType,
	checkChoice,
	checkObject,
	checkArray,
	checkText,
	checkNumber,
	checkCombinations,
];

function checkReference(value: unknown, { $ref }: JsonObject, place: Place): string | undefined {
	if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined;
	const steps = $ref.slice(1).split('/').slice(1);
	const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
	const target = names.reduce<unknown>((found, name) => asObject(found)?.[name], place.root);
	return check(value, target, place);
}

function checkType(value: unknown, { type }: JsonObject, { path }: Place): string | undefined {
	const types = strings([type].flat());
	if (types.length === 0 || types.some((name) => isOfType(value, name))) return undefined;
	return `${path} must be ${types.join(' or ')}`;
}

/** A schema is the user's own JSON: what is no name in it rules nothing, and might not even be printable. */
function strings(list: unknown): string[] {
	return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

function isOfType(value: unknown, type: string): boolean {
	if (type === 'integer') return Number.isInteger(value);
	if (type === 'array') return Array.isArray(value);
	if (type === 'null') return value === null;
	if (type === 'object') return asObject(value) !== undefined;
	return typeof value === type;
}

function checkChoice(value: unknown, schema: JsonObject, { path }: Place): string | undefined {
	const choices = Array.isArray(schema['enum'])
		? schema['enum']
		: 'const' in schema
			? [schema['const']]
			: undefined;
	if (choices === undefined) return undefined;
	const written = inOrder(value);
	if (choices.some((choice) => inOrder(choice) === written)) return undefined;
	return `${path} must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`;
}

/** As JSON with the fields of objects in one order, so that equal values are equal texts. */
function inOrder(value: unknown): string {
	return JSON.stringify(value, (_name, part: unknown) => {
		const object = asObject(part);
		return object === undefined ? part : Object.fromEntries(Object.entries(object).sort(byName));
	});
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
	return a < b ? -1 : 1;
}

function checkObject(value: unknown, schema: JsonObject, place: Place): string | undefined {
	const object = asObject(value);
	if (object === undefined) return undefined;
	const missing = strings(schema['required']).find((name) => !Object.hasOwn(object, name));
	if (missing !== undefined) return `${place.path} lacks '${missing}'`;
	for (const [name, field] of Object.entries(object)) {
		const rules = fieldRules(name, schema);
		const fault = check(field, rules, partOf(place, `.${name}`));
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function fieldRules(name: string, schema: JsonObject): unknown {
	const properties = asObject(schema['properties']) ?? {};
	if (Object.hasOwn(properties, name)) return properties[name];
	const patterns = Object.entries(asObject(schema['patternProperties']) ?? {});
	const fitting = patterns.find(([pattern]) => matches(name, pattern));
	return fitting === undefined ? schema['additionalProperties'] : fitting[1];
}

function checkArray(value: unknown, schema: JsonObject, place: Place): string | undefined {
	if (!Array.isArray(value)) return undefined;
	const { minItems, maxItems, items, prefixItems } = schema;
	const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
	if (typeof minItems === 'number' && value.length < minItems) {
		return `${place.path} must have at least ${minItems} entries`;
	}
	if (typeof maxItems === 'number' && value.length > maxItems) {
		return `${place.path} must have at most ${maxItems} entries`;
	}
	for (const [index, entry] of value.entries()) {
		const rules = index < first.length ? first[index] : items;
		const fault = check(entry, rules, partOf(place, `[${index}]`));
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function checkText(value: unknown, schema: JsonObject, { path }: Place): string | undefined {
	if (typeof value !== 'string') return undefined;
	const { minLength, maxLength, pattern } = schema;
	// Characters, not the halves that some of them are kept in.
	const { length } = Array.from(value);
	if (typeof minLength === 'number' && length < minLength) return `${path} is too short`;
	if (typeof maxLength === 'number' && length > maxLength) return `${path} is too long`;
	if (typeof pattern !== 'string' || matches(value, pattern)) return undefined;
	return `${path} must match ${pattern}`;
}

/** A pattern that is no regular expression forbids nothing. */
function matches(value: string, pattern: string): boolean {
	try {
		return new RegExp(pattern, 'u').test(value);
	} catch {
		return true;
	}
}

function checkNumber(value: unknown, schema: JsonObject, { path }: Place): string | undefined {
	if (typeof value !== 'number') return undefined;
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
	if (typeof minimum === 'number' && value < minimum) return `${path} is below ${minimum}`;
	if (typeof maximum === 'number' && value > maximum) return `${path} is above ${maximum}`;
	if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) {
		return `${path} must be above ${exclusiveMinimum}`;
	}
	if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) {
		return `${path} must be below ${exclusiveMaximum}`;
	}
	return undefined;
}

function checkCombinations(value: unknown, schema: JsonObject, place: Place): string | undefined {
	const { allOf, anyOf, oneOf } = schema;
	for (const part of Array.isArray(allOf) ? allOf : []) {
		const fault = check(value, part, place);
		if (fault !== undefined) return fault;
	}
	for (const choices of [anyOf, oneOf]) {
		if (!Array.isArray(choices)) continue;
		const faults = choices.map((choice) => check(value, choice, place));
		if (!faults.includes(undefined)) return faults[0];
	}
	return undefined;
}
