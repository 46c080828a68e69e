import type { IExecuteFunctions } from 'n8n-workflow';

import { ItemRun } from '../../nodes/AiChats/ItemRun.ts';
import { SharedRun } from '../../nodes/AiChats/SharedRun.ts';
import { operations } from '../../nodes/AiChats/operations/index.ts';
import { PROVIDERS } from '../../nodes/shared/providers.ts';
import { NODE, strict } from './strictContext.mts';

/** Of both operations and all providers, so that a test can set what it looks at. */
const allOptions = () =>
	Object.values(PROVIDERS).flatMap((entry) => [
		...operations.chat.optionsOf(entry),
		...operations.image.optionsOf(entry),
	]);

/** One item's run whose node has these parameters; what is not there takes the caller's fallback. */
export function itemRun(
	parameters: Record<string, unknown>,
	declared: Record<string, unknown> = {},
	itemIndex = 0,
): ItemRun {
	const context = strict<IExecuteFunctions>('context', {
		getNode: () => NODE,
		getContext: () => ({}),
		getParentNodes: () => [],
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) =>
			name in parameters ? parameters[name] : fallback,
		getExecutionCancelSignal: () => undefined,
		...declared,
	});
	return new ItemRun(context, itemIndex, new SharedRun(context, allOptions, 1));
}
