import type { Tool } from '@n8n/ai-node-sdk';

import type { JsonObject } from '../../providers/decode/json';
import type { ToolDefinition } from '../../providers/options';

/** Turns a tool's input schema, Zod or JSON Schema, into JSON Schema: the SDK's own function. */
export type SchemaReader = (tool: Extract<Tool, { type: 'function' }>) => JsonObject;

/** The tools an agent offers; those that only some other provider runs itself are left out. */
export function convertTools(tools: readonly Tool[], readSchema: SchemaReader): ToolDefinition[] {
	return tools.flatMap((tool) =>
		tool.type === 'function'
			? [{ name: tool.name, description: tool.description, parameters: readSchema(tool) }]
			: [],
	);
}
