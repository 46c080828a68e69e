import type { INodeProperties } from 'n8n-workflow';

/** How an OpenAI-compatible server draws; what is not set is left to the server. */
export const imageSettingProperties: INodeProperties[] = [
	{
		displayName: 'Background',
		name: 'background',
		type: 'options',
		default: 'auto',
		options: [
			{ name: 'Auto', value: 'auto' },
			{ name: 'Opaque', value: 'opaque' },
			{ name: 'Transparent', value: 'transparent' },
		],
		description: 'What is behind the image',
	},
	{
		displayName: 'Mask Field',
		name: 'maskField',
		type: 'string',
		default: '',
		placeholder: 'e.g. mask',
		description:
			'Name of the binary field with an image that is transparent where an edit may change the image',
	},
	{
		displayName: 'Number of Images',
		name: 'count',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10 },
		default: 1,
		description: 'How many images to make. Each becomes an item of its own.',
	},
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		default: 'png',
		options: [
			{ name: 'JPEG', value: 'jpeg' },
			{ name: 'PNG', value: 'png' },
			{ name: 'WebP', value: 'webp' },
		],
		description: 'File format of the image',
	},
	{
		displayName: 'Quality',
		name: 'quality',
		type: 'string',
		default: 'auto',
		placeholder: 'e.g. high',
		description:
			'How carefully to draw, in the words of the model: low, medium, high or auto for GPT Image, standard or hd for DALL·E',
	},
	{
		displayName: 'Response Format',
		name: 'responseFormat',
		type: 'options',
		default: 'b64_json',
		options: [
			{ name: 'Base64', value: 'b64_json' },
			{ name: 'URL', value: 'url' },
		],
		description: 'How the server is to hand the image over, where it lets one choose',
	},
	{
		displayName: 'Size',
		name: 'size',
		type: 'string',
		default: '1024x1024',
		placeholder: 'e.g. 1536x1024',
		description: 'Width and height in pixels',
	},
	{
		displayName: 'Style',
		name: 'style',
		type: 'options',
		default: 'vivid',
		options: [
			{ name: 'Natural', value: 'natural' },
			{ name: 'Vivid', value: 'vivid' },
		],
		description: 'How dramatic DALL·E 3 draws',
	},
];
