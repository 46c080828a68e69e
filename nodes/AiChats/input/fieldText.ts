import { NodeOperationError } from 'n8n-workflow';

import type { ItemRun } from '../run/ItemRun';

/**
 * A text field's value, trimmed. An expression may give nothing, which is the empty text, or a number.
 * @param label the field as the user sees it
 * @throws NodeOperationError for anything else
 */
export function asFieldText(run: ItemRun, label: string, value: unknown): string {
	if (value === undefined || value === null) return '';
	if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value).trim();
	throw new NodeOperationError(run.context.getNode(), `'${label}' is not a text`, {
		itemIndex: run.itemIndex,
		description: 'Its expression gives an object or a list. Choose one of its fields.',
	});
}
