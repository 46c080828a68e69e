import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

/** What is to be done inside a node's `execute()`. */
export type InNode = (context: IExecuteFunctions) => Promise<void>;

/** A node that hands its context to whatever is waiting, to see n8n's own helpers at work. */
export class Probe implements INodeType {
	static readonly waiting = new Map<string, InNode>();

	description: INodeType['description'] = {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Probe' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Task', name: 'task', type: 'string', default: '' }],
		credentials: [{ name: 'aiChatsApi' }, { name: 'aiChatsOpenAiCompatibleApi' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await Probe.waiting.get(this.getNodeParameter('task', 0) as string)?.(this);
		return [[]];
	}
}
