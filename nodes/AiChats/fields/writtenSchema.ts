import type { INodeProperties } from 'n8n-workflow';

import { asObject, type JsonObject } from '../../../providers/decode/json';
import type { ResponseFormat } from '../../../providers/types';
import { asFieldText, emptyError, fieldError } from '../../shared/fields';
import { readOption } from '../../shared/options';
import type { ItemRun } from '../ItemRun';

/** What a column may hold, by the value of its field 'Type': label, and JSON Schema. */
const TYPES = {
	boolean: ['Boolean', { type: 'boolean' }],
	date: [
		'Date',
		{
			type: 'string',
			format: 'date',
			// Checked here; not every server enforces a format.
			pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
		},
	],
	list: ['List of Text', { type: 'array', items: { type: 'string' } }],
	number: ['Number', { type: 'number' }],
	text: ['Text', { type: 'string' }],
	integer: ['Whole Number', { type: 'integer' }],
} satisfies Record<string, [label: string, schema: JsonObject]>;

const CHOICES = 'Choices';
const COLUMNS = 'Columns';

const allowEmptyProperty: INodeProperties = {
	displayName: 'Allow Empty',
	name: 'allowEmpty',
	type: 'boolean',
	default: false,
	description: 'Whether the value may be null if there is none',
};

/** For people who do not write schemas: rows from which the schema is written. */
export const writtenSchemaProperties: INodeProperties[] = [
	rowsProperty(CHOICES, 'choices', 'The answers to choose from', [
		nameProperty('e.g. Complaint'),
		{
			displayName: 'When',
			name: 'when',
			type: 'string',
			default: '',
			placeholder: 'e.g. The customer is unhappy',
			description: 'When the model should choose this answer',
		},
	]),
	rowsProperty(COLUMNS, 'columns', 'The values to return', [
		nameProperty('e.g. summary'),
		{
			displayName: 'Type',
			name: 'type',
			type: 'options',
			default: 'text',
			options: Object.entries(TYPES).map(([value, [name]]) => ({ name, value })),
			description: 'Type of the value (a date is like 2025-12-31)',
		},
		{
			displayName: 'Description',
			name: 'description',
			type: 'string',
			default: '',
			placeholder: 'e.g. What the customer wants',
			description: 'What the model should put in',
		},
		allowEmptyProperty,
	]),
];

function rowsProperty(
	displayName: string,
	name: string,
	description: string,
	values: INodeProperties[],
): INodeProperties {
	return {
		displayName,
		name,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: `Add ${displayName.slice(0, -1)}`,
		default: {},
		description,
		displayOptions: { show: { responseFormat: [name] } },
		options: [{ displayName: displayName.slice(0, -1), name: 'values', values }],
	};
}

function nameProperty(placeholder: string): INodeProperties {
	return {
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder,
		description: 'Name in the output',
	};
}

/** The field of the object in which a choice is asked for: servers that enforce schemas want an object. */
const CHOICE = 'choice';

/** The format that makes the model choose one of the names. @throws NodeOperationError for unusable rows */
export function readChoices(run: ItemRun): ResponseFormat {
	const rows = readRows(run, CHOICES, 'choices');
	const reasons = rows.flatMap(({ name, text }) => {
		const when = text('when', 'When');
		return when === '' ? [] : [`${name}: ${when}`];
	});
	const choice = {
		type: 'string',
		enum: rows.map(({ name }) => name),
		...described(reasons.join('\n')),
	};
	return { ...format({ [CHOICE]: choice }), unwrap: CHOICE };
}

/** The format of an object with these columns. @throws NodeOperationError for unusable rows */
export function readColumns(run: ItemRun): ResponseFormat {
	const columns = readRows(run, COLUMNS, 'columns').map(({ name, values, text }) => {
		const type = text('type', 'Type') || 'text';
		if (!isType(type)) {
			throw fieldError(
				run,
				`There is no type '${type}' for the column '${name}'`,
				`Set 'Type' to ${Object.values(TYPES)
					.map(([label]) => label)
					.join(', ')}.`,
			);
		}
		const [, schema] = TYPES[type];
		const mayBeEmpty =
			readOption(run, allowEmptyProperty, values[allowEmptyProperty.name]) === true;
		const types = mayBeEmpty ? { type: [schema.type, 'null'] } : {};
		return [name, { ...schema, ...types, ...described(text('description', 'Description')) }];
	});
	return format(Object.fromEntries(columns) as JsonObject);
}

function isType(name: string): name is keyof typeof TYPES {
	return Object.hasOwn(TYPES, name);
}

function described(description: string): JsonObject {
	return description === '' ? {} : { description };
}

/** As strict schemas have to be: every field required, no other allowed. */
function format(properties: JsonObject): ResponseFormat & { type: 'json_schema' } {
	const schema = {
		type: 'object',
		properties,
		required: Object.keys(properties),
		additionalProperties: false,
	};
	return { type: 'json_schema', name: 'answer', schema, strict: true, isExplained: true };
}

interface Row {
	name: string;
	values: JsonObject;
	/** The text of another field of the row. */
	text(key: string, label: string): string;
}

/** The rows of a field, each with a name of its own. */
function readRows(run: ItemRun, label: string, field: string): Row[] {
	const given: unknown = run.parameter(`${field}.values`, []);
	const entries: unknown[] = Array.isArray(given) ? given : [];
	if (entries.length === 0) throw fieldError(run, `'${label}' is empty`, 'Add at least one row.');
	const names = new Set<string>();
	return entries.map((entry, index) => {
		const values = asObject(entry) ?? {};
		const labelOf = (title: string) => `${label}, row ${index + 1}: ${title}`;
		const text: Row['text'] = (key, title) => asFieldText(run, labelOf(title), values[key]);
		const name = text('name', 'Name');
		if (name === '') throw emptyError(run, labelOf('Name'));
		if (names.has(name)) {
			throw fieldError(run, `'${label}' has '${name}' more than once`, 'Rename one of the rows.');
		}
		names.add(name);
		return { name, values, text };
	});
}
