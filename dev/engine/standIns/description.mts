import type { INodeTypeDescription } from 'n8n-workflow';

/** The description every stand-in starts from: one main input, one main output, no parameters. */
export function describeStandIn(
	name: string,
	differences: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: [1, 1.1, 1.2, 1.3, 2, 2.1],
		description: `Stand-in for n8n's ${name}`,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...differences,
	};
}
