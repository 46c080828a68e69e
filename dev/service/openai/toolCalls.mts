import { fillSchema, type Schema } from './schemaFill.mts';

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
				fillSchema(tool.function?.parameters ?? { type: 'object' }, prompt),
			),
		},
	}));
}

function chooseTools(tools: Tool[], choice: unknown, prompt: string): Tool[] {
	const forced = (choice as Tool | undefined)?.function?.name;
	if (forced) return tools.filter((tool) => tool.function?.name === forced);
	const named = tools.filter(({ function: tool }) => tool?.name && prompt.includes(tool.name));
	return choice === 'required' && named.length === 0 ? tools.slice(0, 1) : named;
}
