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
