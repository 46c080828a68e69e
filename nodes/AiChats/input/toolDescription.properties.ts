import type { INodeProperties } from 'n8n-workflow';

/**
 * What an agent reads of the node as its tool. n8n would say no more than the name of the action.
 * @param description for a language model to read
 */
export function toolDescriptionProperty(description: string): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 3 },
		default: description,
		required: true,
		description:
			'What the AI Agent is told about this tool. It decides by this text when to use it and what to fill in.',
		displayOptions: { show: { '@tool': [true] } },
	};
}
