import type { INodeProperties } from 'n8n-workflow';

/** The prompt, in the words of its operation. */
export function promptProperty(
	words: Pick<INodeProperties, 'placeholder' | 'description'>,
): INodeProperties {
	return {
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		...words,
	};
}
