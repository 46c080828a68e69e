import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { asFieldText, fieldError, type FieldPlace, isPlain } from './fields';

/** A field whose name is a key of what its reader returns: a misspelt one does not compile. */
export type FieldOf<Values> = INodeProperties & { name: keyof Values & string };

/** The fields' values, each as its definition asks; what the user did not add is not there. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** Definitions of fields by name. */
export function definitionsByName(
	definitions: readonly INodeProperties[],
): ReadonlyMap<string, INodeProperties> {
	return new Map(definitions.map((definition) => [definition.name, definition]));
}

/** Options whose values are their names in lower case. */
export function choices(...names: string[]): INodePropertyOptions[] {
	return names.map((name) => ({ name, value: name.toLowerCase() }));
}

/** A collection of optional fields, sorted by name as n8n shows them. */
export function optionsCollection(options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		// By code units: loading a language's collation rules takes longer than everything else done at load time.
		options: [...options].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
	};
}

/**
 * The options that the user added, checked against their definitions: an expression may return anything.
 * Options of another provider are left out: n8n keeps the values of fields that it no longer shows.
 * @throws NodeOperationError that names the option and its value
 */
export function readOptions(
	place: FieldPlace,
	definitions: ReadonlyMap<string, INodeProperties>,
	values: unknown,
): OptionValues {
	const options: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(values ?? {})) {
		const definition = definitions.get(name);
		const checked = definition && readOption(place, definition, value);
		if (checked !== undefined) options[name] = checked;
	}
	return options;
}

/**
 * One option's value as its definition asks, or undefined where its expression returned nothing.
 * @throws NodeOperationError that names the option and its value
 */
export function readOption(
	place: FieldPlace,
	definition: INodeProperties,
	value: unknown,
): unknown {
	if (value === undefined || value === null) return undefined;
	switch (definition.type) {
		case 'number':
			return readNumber(place, definition, value);
		case 'boolean':
			return readBoolean(place, definition, value);
		case 'string':
			return mayBeList(definition, value)
				? readTexts(place, definition, value)
				: asFieldText(place, definition.displayName, value);
		case 'options':
			return asFieldText(place, definition.displayName, value);
		default:
			return value;
	}
}

function readNumber(place: FieldPlace, definition: INodeProperties, value: unknown): unknown {
	if (value === '') return undefined;
	const number = asNumber(value);
	const { minValue = -Infinity, maxValue = Infinity } = definition.typeOptions ?? {};
	const isAllowed = isWhole(definition) ? Number.isSafeInteger(number) : Number.isFinite(number);
	if (isAllowed && number >= minValue && number <= maxValue) return number;
	throw optionError(place, definition, value, requirement(definition));
}

/** Numbers also come as text, from forms and spreadsheets. */
function asNumber(value: unknown): number {
	if (typeof value === 'string') return value.trim() === '' ? NaN : Number(value);
	return typeof value === 'number' ? value : NaN;
}

/** n8n's editor rounds what is typed to the field's precision; an expression can return any number. */
function isWhole({ typeOptions }: INodeProperties): boolean {
	return typeOptions?.numberPrecision === 0;
}

function requirement(definition: INodeProperties): string {
	const { minValue, maxValue } = definition.typeOptions ?? {};
	const kind = isWhole(definition) ? 'a whole number' : 'a number';
	if (minValue === undefined) return kind;
	return maxValue === undefined
		? `${kind} of at least ${minValue}`
		: `${kind} from ${minValue} to ${maxValue}`;
}

function readBoolean(place: FieldPlace, definition: INodeProperties, value: unknown): unknown {
	if (value === '') return undefined;
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw optionError(place, definition, value, 'true or false');
}

/** With `multipleValues: false` the editor shows one field, and an expression may return a list. */
function mayBeList({ typeOptions }: INodeProperties, value: unknown): boolean {
	const { multipleValues } = typeOptions ?? {};
	return multipleValues === true || (multipleValues === false && Array.isArray(value));
}

/** Several texts; one text alone is a list of one. */
function readTexts(place: FieldPlace, definition: INodeProperties, value: unknown): string[] {
	const texts: unknown[] = Array.isArray(value) ? value : [value];
	if (!texts.every(isPlain)) throw optionError(place, definition, value, 'a list of texts');
	return texts.map(String);
}

const MAX_QUOTED = 40;

function optionError(
	place: FieldPlace,
	{ displayName }: INodeProperties,
	value: unknown,
	required: string,
) {
	return fieldError(
		place,
		`'${displayName}' must be ${required}, but is ${quoted(value)}`,
		'Correct its expression, or remove the option.',
	);
}

function quoted(value: unknown): string {
	if (typeof value === 'number') return String(value);
	if (typeof value === 'string') {
		return value.length > MAX_QUOTED ? `"${value.slice(0, MAX_QUOTED)}…"` : `"${value}"`;
	}
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' ? 'an object' : String(value);
}
