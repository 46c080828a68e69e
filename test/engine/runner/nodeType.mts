import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

type Execute = (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;

export function nodeType(
	name: string,
	execute: Execute | undefined,
	differences: Partial<INodeTypeDescription> = {},
): INodeType {
	const description: INodeTypeDescription = {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...differences,
	};
	return { description, ...(execute && { execute }) };
}

export const textParameter = (name: string, value = '') =>
	({ displayName: name, name, type: 'string', default: value }) as const;

export const credentialUse = { name: 'testApi', required: true };
