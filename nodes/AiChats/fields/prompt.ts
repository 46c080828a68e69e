import { type INodeProperties, NodeOperationError } from 'n8n-workflow';

import type { ItemRun } from '../ItemRun';

/** The prompt, in the words of its operation. */
export function promptProperty(
	words: Pick<INodeProperties, 'placeholder' | 'description'>,
): INodeProperties {
	return {
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		...words,
	};
}

/**
 * What an agent reads of the node as its tool. n8n would say no more than the name of the action.
 * @param description for a language model to read
 */
export function toolDescriptionProperty(description: string): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 3 },
		default: description,
		required: true,
		description:
			'What the AI Agent is told about this tool. It decides by this text when to use it and what to fill in.',
		displayOptions: { show: { '@tool': [true] } },
	};
}

/**
 * The prompt's text; an expression may also give a number or an object, which is sent as JSON.
 * @throws NodeOperationError when there is nothing to send
 */
export function readPrompt(run: ItemRun): string {
	const value = run.parameter<unknown>('prompt', '');
	const prompt = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
	if (prompt.trim() !== '' && value !== null) return prompt;
	throw new NodeOperationError(run.context.getNode(), 'The prompt is empty', {
		itemIndex: run.itemIndex,
		description:
			"Enter a text in 'Prompt'. If it is an expression, check that the field it names exists in this item.",
	});
}
