import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { ItemRun } from '../ItemRun';
import * as chat from './chat.operation';
import * as image from './image.operation';

/** What the node can do with an item. */
export interface Operation {
	/** The fields of the operation. */
	description: INodeProperties[];
	/**
	 * One input item's way through the operation.
	 * @throws ProviderError, or an n8n error for a parameter that cannot be used
	 */
	execute(run: ItemRun): Promise<INodeExecutionData[]>;
}

/** By the value of the field 'Operation'. */
export const operations = { chat, image } satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
