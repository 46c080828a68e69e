import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { describeStandIn } from './description.mts';

/** A trigger that fires once, with the run's input, whatever its parameters say. */
export class PassThroughTrigger implements INodeType {
	readonly description;

	constructor(name: string) {
		this.description = describeStandIn(name, { group: ['trigger'], inputs: [] });
	}

	/** n8n finds the node to start from by this method; the engine runs execute() instead. */
	async trigger() {
		return undefined;
	}

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}
