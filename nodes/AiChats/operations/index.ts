import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { unknownChoice } from '../../shared/fields';
import type { ItemRun } from '../ItemRun';
import type { OptionsOf } from '../SharedRun';
import * as chat from './chat.operation';
import * as image from './image.operation';

/** What the node can do with an item. */
export interface Operation {
	/** The fields of the operation. */
	description: INodeProperties[];
	/** The options among them, which depend on the provider. */
	optionsOf: OptionsOf;
	/**
	 * One input item's way through the operation.
	 * @throws ProviderError, or an n8n error for a parameter that cannot be used
	 */
	execute(run: ItemRun): Promise<INodeExecutionData[]>;
}

/** By the value of the field 'Operation'. */
export const operations = { chat, image } satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** The chosen operation. An unknown one, which a workflow edited by hand may name, fails every item. */
export function chosenOperation(context: IExecuteFunctions): Operation {
	const name: unknown = context.getNodeParameter('operation', 0, 'chat');
	if (name === 'chat' || name === 'image') return operations[name];
	const execute: Operation['execute'] = async (run) => {
		throw unknownChoice(run, 'Operation', name, ['Chat', 'Image']);
	};
	return { description: [], optionsOf: () => [], execute };
}
