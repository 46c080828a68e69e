import type { Directives } from '../directives/directive.mts';
import { fillSchema, type Schema } from './schemaFill.mts';

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
