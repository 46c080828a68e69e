import type { INodeProperties } from 'n8n-workflow';

import { schemaFromExample } from '../../../providers/json/structuredReply';
import type { ResponseFormat } from '../../../providers/types';
import { readJson, readJsonObject, unknownChoice } from '../../shared/fields';
import { readOption } from '../../shared/options';
import type { ItemRun } from '../ItemRun';
import { readChoices, readColumns, writtenSchemaProperties } from './writtenSchema';

const FORMATS = [
	{
		name: 'Columns',
		value: 'columns',
		description: 'A value for each column',
	},
	{ name: 'JSON by Example', value: 'example', description: 'An object like your example' },
	{
		name: 'JSON by Schema',
		value: 'schema',
		description: 'An object that matches a JSON Schema',
	},
	{ name: 'JSON Object', value: 'object', description: 'Any JSON object' },
	{ name: 'One of a List', value: 'choices', description: 'One of the names you list' },
	{ name: 'Text', value: 'text', description: 'Text as the model writes it' },
];

/** Whether the answer is text or JSON. */
export const responseFormatProperties: INodeProperties[] = [
	{
		displayName: 'Response Format',
		name: 'responseFormat',
		type: 'options',
		default: 'text',
		description: 'Format of the answer',
		options: FORMATS,
	},
	{
		displayName: 'JSON Example',
		name: 'jsonExample',
		type: 'json',
		default: '{\n\t"title": "A title",\n\t"tags": ["a tag"]\n}',
		description: 'An object like the one to return',
		displayOptions: { show: { responseFormat: ['example'] } },
	},
	{
		displayName: 'JSON Schema',
		name: 'jsonSchema',
		type: 'json',
		default:
			'{\n\t"type": "object",\n\t"properties": { "title": { "type": "string" } },\n\t"required": ["title"]\n}',
		description: 'JSON Schema that the answer must match',
		displayOptions: { show: { responseFormat: ['schema'] } },
	},
	...writtenSchemaProperties,
];

/** For providers whose servers enforce a schema. */
export const strictSchemaProperty: INodeProperties = {
	displayName: 'Strict Schema',
	name: 'strictSchema',
	type: 'boolean',
	default: false,
	description: 'Whether the server enforces the schema',
	displayOptions: { show: { responseFormat: ['schema'] } },
};

/** Servers want a name for a schema; which one does not matter. */
const SCHEMA_NAME = 'answer';

/** The format of the answer. @throws NodeOperationError for unusable rows, examples or schemas */
export function readResponseFormat(run: ItemRun): ResponseFormat {
	const format = run.parameter<string>('responseFormat', 'text');
	if (format === 'object') return { type: 'json_object' };
	if (format === 'example') {
		const example = readJson(run, 'JSON Example', run.parameter('jsonExample'));
		return { type: 'json_schema', name: SCHEMA_NAME, schema: schemaFromExample(example) };
	}
	if (format === 'text') return { type: 'text' };
	if (format === 'choices') return readChoices(run);
	if (format === 'columns') return readColumns(run);
	if (format !== 'schema') {
		const names = FORMATS.map(({ name }) => name);
		throw unknownChoice(run, 'Response Format', format, names);
	}
	const schema = readJsonObject(run, 'JSON Schema', run.parameter('jsonSchema'));
	const isStrict = run.parameter<unknown>(strictSchemaProperty.name, false);
	const strict = readOption(run, strictSchemaProperty, isStrict) === true;
	return { type: 'json_schema', name: SCHEMA_NAME, schema, ...(strict ? { strict } : {}) };
}
