import type { INodeProperties } from 'n8n-workflow';

import { emptyError, toJson } from '../../shared/fields';
import type { ItemRun } from '../ItemRun';

/** The prompt, described for its operation. */
export function promptProperty(
	texts: Pick<INodeProperties, 'placeholder' | 'description'>,
): INodeProperties {
	return {
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		...texts,
	};
}

/**
 * What an agent reads about the node as its tool. By default n8n gives it only the name of the action.
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
		description: 'Tells the AI Agent when to use this tool',
		displayOptions: { show: { '@tool': [true] } },
	};
}

/**
 * The prompt's text; an expression may also return a number or an object, which is sent as JSON.
 * @param mayBeEmpty where files are sent with it
 * @throws NodeOperationError when there is nothing to send
 */
export function readPrompt(run: ItemRun, mayBeEmpty = false): string {
	const value = run.parameter<unknown>('prompt', '') ?? '';
	const prompt = typeof value === 'string' ? value : toJson(run, 'Prompt', value);
	if (mayBeEmpty || prompt.trim() !== '') return prompt;
	throw emptyError(run, 'Prompt');
}
