import { asObject, type JsonObject } from '../decode/json';
import { checkNumber, checkText, isOfType, strings } from './scalars';
import { type Place, Walk } from './Walk';

/** What became of a check. */
export interface SchemaCheck {
	/** What does not fit, as a sentence with the place. */
	fault: string | undefined;
	/** What was left to the service, as parts of a sentence: the value may break it. */
	unchecked: readonly string[];
}

/**
 * Whether a value fits a JSON Schema. Knows the keywords with which models' answers are described (types, enum,
 * const, properties, items, limits, pattern, combinations, local $ref); others are left to the service. One
 * budget of steps holds for the whole check, so that no schema blocks the event loop.
 */
export function checkSchema(value: unknown, schema: unknown): SchemaCheck {
	const walk = new Walk(schema);
	const fault = check(value, schema, walk.start());
	return { fault, unchecked: [...walk.unchecked] };
}

/** What of a value does not fit a JSON Schema, as a sentence with the place, or undefined. */
export function schemaFault(value: unknown, schema: unknown): string | undefined {
	return checkSchema(value, schema).fault;
}

type Check = (value: unknown, schema: JsonObject, place: Place) => string | undefined;

function check(value: unknown, schema: unknown, place: Place): string | undefined {
	if (schema === false) return `${place.path} is not allowed`;
	const rules = asObject(schema);
	if (rules === undefined || !place.walk.mayGoOn(place)) return undefined;
	if (!place.isShared) return checkAll(value, rules, place);
	// Several branches lead here: each part is checked once. One that leads back to itself adds nothing.
	const results = place.walk.resultsOf(value, place);
	if (results.has(rules)) return results.get(rules);
	results.set(rules, undefined);
	const fault = checkAll(value, rules, place);
	results.set(rules, fault);
	return fault;
}

function checkAll(value: unknown, rules: JsonObject, place: Place): string | undefined {
	const inside = { ...place, depth: place.depth + 1 };
	for (const rule of CHECKS) {
		const fault = rule(value, rules, inside);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** The place of a part. */
function partOf(place: Place, step: string): Place {
	return { ...place, path: place.path + step, results: new Map() };
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
	return check(value, place.walk.target($ref), { ...place, isShared: true });
}

function checkType(value: unknown, { type }: JsonObject, { path }: Place): string | undefined {
	const types = strings([type].flat());
	if (types.length === 0 || types.some((name) => isOfType(value, name))) return undefined;
	return `${path} must be ${types.join(' or ')}`;
}

function checkChoice(value: unknown, schema: JsonObject, place: Place): string | undefined {
	if (!Array.isArray(schema['enum']) && !('const' in schema)) return undefined;
	const choices = place.walk.choicesOf(schema);
	const key = place.walk.keyOf(value);
	if (key === undefined || choices.keys.has(key)) return undefined;
	return `${place.path} must be one of ${choices.description}`;
}

function checkObject(value: unknown, schema: JsonObject, place: Place): string | undefined {
	const object = asObject(value);
	if (object === undefined) return undefined;
	const required = Array.isArray(schema['required']) ? schema['required'] : [];
	if (!place.walk.spend(required.length)) return undefined;
	const missing = strings(required).find((name) => !Object.hasOwn(object, name));
	if (missing !== undefined) return `${place.path} lacks '${missing}'`;
	// Nothing is said of the fields.
	if (!OBJECT_RULES.some((name) => name in schema)) return undefined;
	for (const [name, field] of Object.entries(object)) {
		const rules = fieldRules(name, schema, place);
		const fault = check(field, rules, partOf(place, `.${name}`));
		if (fault !== undefined) return fault;
	}
	return undefined;
}

const OBJECT_RULES = ['properties', 'patternProperties', 'additionalProperties'];

function fieldRules(name: string, schema: JsonObject, { walk }: Place): unknown {
	const properties = asObject(schema['properties']) ?? {};
	if (Object.hasOwn(properties, name)) return properties[name];
	const patterns = asObject(schema['patternProperties']) ?? {};
	for (const [pattern, rules] of Object.entries(patterns)) {
		const matches = walk.matches(name, pattern);
		if (matches === true) return rules;
		// It may belong to this pattern, so nothing can be said of it.
		if (matches === undefined) return undefined;
	}
	return schema['additionalProperties'];
}

function checkArray(value: unknown, schema: JsonObject, place: Place): string | undefined {
	if (!Array.isArray(value)) return undefined;
	const { minItems, maxItems, items, prefixItems, uniqueItems } = schema;
	const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
	if (typeof minItems === 'number' && value.length < minItems) {
		return `${place.path} must have at least ${minItems} entries`;
	}
	if (typeof maxItems === 'number' && value.length > maxItems) {
		return `${place.path} must have at most ${maxItems} entries`;
	}
	if (uniqueItems === true && !place.walk.areUnique(value)) {
		return `${place.path} must not hold the same entry twice`;
	}
	if (items === undefined && first.length === 0) return undefined;
	for (const [index, entry] of value.entries()) {
		const rules = index < first.length ? first[index] : items;
		const fault = check(entry, rules, partOf(place, `[${index}]`));
		if (fault !== undefined) return fault;
	}
	return undefined;
}

function checkCombinations(value: unknown, schema: JsonObject, place: Place): string | undefined {
	const { allOf, anyOf, oneOf } = schema;
	const shared = { ...place, isShared: true };
	for (const part of Array.isArray(allOf) ? allOf : []) {
		const fault = check(value, part, shared);
		if (fault !== undefined) return fault;
	}
	for (const choices of [anyOf, oneOf]) {
		if (!Array.isArray(choices)) continue;
		const fault = noneFits(value, choices, shared);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** Why none of several schemas fits: the first one's fault. */
function noneFits(value: unknown, choices: readonly unknown[], place: Place): string | undefined {
	let first: string | undefined;
	for (const choice of choices) {
		const fault = check(value, choice, place);
		if (fault === undefined) return undefined;
		first ??= fault;
	}
	return first;
}
