import type { INodeProperties } from 'n8n-workflow';

/** Pictures to show to the model. */
export const visionProperties: INodeProperties[] = [
	{
		displayName: 'Image Fields',
		name: 'imageFields',
		type: 'string',
		default: '',
		placeholder: 'e.g. data, photo',
		description: 'Names of the binary fields whose images the model is to see, separated by commas',
	},
	{
		displayName: 'Image Detail',
		name: 'imageDetail',
		type: 'options',
		default: 'auto',
		options: [
			{ name: 'Auto', value: 'auto' },
			{ name: 'High', value: 'high' },
			{ name: 'Low', value: 'low' },
		],
		description: 'How closely the model looks at the images',
	},
];
