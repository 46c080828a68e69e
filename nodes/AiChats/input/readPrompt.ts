import { NodeOperationError } from 'n8n-workflow';

import type { ItemRun } from '../run/ItemRun';

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
