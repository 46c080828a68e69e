import type { Directives } from '../directives.mts';

export type Schema = Record<string, unknown>;

// Schemas may refer to themselves.
const deepest = 8;

const formats: Record<string, string> = {
	date: '2024-05-17',
	time: '12:30:00Z',
	'date-time': '2024-05-17T12:30:00Z',
	email: 'someone@example.com',
	uri: 'https://example.com/',
	uuid: '00000000-0000-4000-8000-000000000000',
};

/** A value that matches the JSON schema; its strings are `words`. */
export function fillSchema(schema: Schema, words: string, root = schema, depth = 0): unknown {
	const fixed = fixedValue(schema, words);
	if (fixed !== undefined) return fixed;
	const other = otherSchema(schema, root);
	if (other) return depth > deepest ? null : fillSchema(other, words, root, depth + 1);
	switch (typeOf(schema)) {
		case 'object':
			return fillObject(schema, words, root, depth);
		case 'array':
			return fillArray(schema, words, root, depth);
		case 'number':
		case 'integer':
			return Number(schema['minimum'] ?? schema['maximum'] ?? 7);
		case 'boolean':
			return true;
		case 'null':
			return null;
		default:
			return fillString(schema, words);
	}
}

/** Of several values, the first that the words name. */
function fixedValue(schema: Schema, words: string): unknown {
	if (schema['const'] !== undefined) return schema['const'];
	if (!Array.isArray(schema['enum'])) return undefined;
	const values = schema['enum'] as unknown[];
	return values.find((value) => spoken(words).includes(spoken(String(value)))) ?? values[0];
}

function otherSchema(schema: Schema, root: Schema): Schema | undefined {
	if (typeof schema['$ref'] === 'string') return followReference(schema['$ref'], root);
	for (const key of ['anyOf', 'oneOf', 'allOf']) {
		if (Array.isArray(schema[key])) return (schema[key] as Schema[])[0];
	}
	return undefined;
}

function followReference(reference: string, root: Schema): Schema {
	const keys = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
	return keys.reduce<Schema>((schema, key) => (schema[key] as Schema | undefined) ?? {}, root);
}

function typeOf(schema: Schema): unknown {
	const type = Array.isArray(schema['type']) ? (schema['type'] as unknown[])[0] : schema['type'];
	return type ?? (schema['properties'] ? 'object' : 'string');
}

function fillObject(schema: Schema, words: string, root: Schema, depth: number): unknown {
	const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
	const required = (schema['required'] ?? []) as string[];
	// Optional parts are left out where a schema is deep, so that a recursive one comes to an end.
	const kept = properties.filter(([name]) => depth < deepest / 2 || required.includes(name));
	return Object.fromEntries(
		kept.map(([name, property]) => [name, fillSchema(property, words, root, depth + 1)]),
	);
}

function fillArray(schema: Schema, words: string, root: Schema, depth: number): unknown[] {
	if (depth > deepest) return [];
	const length = Number(schema['minItems'] ?? 1);
	const item = (schema['items'] ?? {}) as Schema;
	return Array.from({ length }, () => fillSchema(item, words, root, depth + 1));
}

function fillString(schema: Schema, words: string): string {
	const text = formats[String(schema['format'])] ?? words;
	const longEnough = text.padEnd(Number(schema['minLength'] ?? 0), '.');
	return longEnough.slice(0, Number(schema['maxLength'] ?? longEnough.length));
}

interface ResponseFormat {
	type?: string;
	json_schema?: { schema?: Schema };
}

/** The JSON document that `response_format` asks for; undefined when it asks for none. */
export function structuredText(
	format: unknown,
	prompt: string,
	directives: Directives,
): string | undefined {
	const { type, json_schema: named } = (format ?? {}) as ResponseFormat;
	if (type !== 'json_object' && type !== 'json_schema') return undefined;
	const schema = named?.schema ?? { properties: { answer: {} } };
	const document = JSON.stringify(fillSchema(schema, prompt));
	if (!directives.has('ignore-response-format')) return document;
	return directives.text('ignore-response-format', 'style') === 'broken'
		? document.slice(0, -1)
		: `Here is the JSON you asked for:\n\n\`\`\`json\n${document}\n\`\`\`\n`;
}

export interface ToolCall {
	id: string;
	type: 'function';
	/** `arguments` is a JSON text. */
	function: { name: string; arguments: string };
}

interface Tool {
	function?: { name?: string; parameters?: Schema };
}

/** A call of every offered tool that the prompt names, or that `tool_choice` demands. */
export function chooseToolCalls(
	body: Record<string, unknown>,
	prompt: string,
	completionId: string,
): ToolCall[] {
	const { tools, tool_choice: choice, parallel_tool_calls: parallel } = body;
	if (!Array.isArray(tools) || choice === 'none') return [];
	const chosen = chooseTools(tools as Tool[], choice, prompt);
	return (parallel === false ? chosen.slice(0, 1) : chosen).map((tool, index) => ({
		id: `call_${completionId.slice(-12)}_${index}`,
		type: 'function',
		function: {
			name: tool.function?.name ?? '',
			arguments: JSON.stringify(
				fillSchema(tool.function?.parameters ?? { type: 'object' }, wordsFor(tool, prompt)),
			),
		},
	}));
}

function chooseTools(tools: Tool[], choice: unknown, prompt: string): Tool[] {
	const forced = (choice as Tool | undefined)?.function?.name;
	if (forced) return tools.filter((tool) => tool.function?.name === forced);
	const named = tools.filter((tool) => placeOf(tool, prompt) >= 0);
	return choice === 'required' && named.length === 0 ? tools.slice(0, 1) : named;
}

/** What a call's texts say: what the prompt has in quotation marks after the tool's name, or all of it. */
function wordsFor(tool: Tool, prompt: string): string {
	const [, quoted] = /"([^"]+)"/.exec(prompt.slice(Math.max(0, placeOf(tool, prompt)))) ?? [];
	return quoted ?? prompt;
}

/** Where the prompt names the tool, in any case and with spaces for underscores; -1 where it does not. */
function placeOf({ function: tool }: Tool, prompt: string): number {
	return tool?.name ? spoken(prompt).indexOf(spoken(tool.name)) : -1;
}

function spoken(name: string): string {
	return name.toLowerCase().replaceAll('_', ' ');
}
