import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { describeStandIn } from './description.mts';

/** No Operation, do nothing */
export class NoOperation implements INodeType {
	readonly description = describeStandIn('noOp');

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}
