import type { ImageOptions } from '../../providers/types';
import { choices, type FieldOf } from './options';

/** What an image request says, but files: those are named, and read from the item. */
export interface ImageFields extends Omit<ImageOptions, 'sources' | 'mask'> {
	maskField?: string;
}

/** How an OpenAI-compatible server generates images; what is not set is left to the server. */
export const imageSettingProperties: Array<FieldOf<ImageFields>> = [
	{
		displayName: 'Aspect Ratio',
		name: 'aspectRatio',
		type: 'string',
		default: '1:1',
		placeholder: 'e.g. 16:9',
		description: 'Used by models that take no size',
	},
	{
		displayName: 'Background',
		name: 'background',
		type: 'options',
		default: 'auto',
		options: choices('Auto', 'Opaque', 'Transparent'),
	},
	{
		displayName: 'Mask Field',
		name: 'maskField',
		type: 'string',
		default: '',
		placeholder: 'e.g. mask',
		description: 'Binary field with a mask that is transparent where to edit',
	},
	{
		displayName: 'Number of Images',
		name: 'count',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		default: 1,
		description: 'Number of images to generate',
	},
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		default: 'png',
		options: choices('JPEG', 'PNG', 'WebP'),
	},
	{
		displayName: 'Quality',
		name: 'quality',
		type: 'string',
		default: 'auto',
		placeholder: 'e.g. high',
		description: 'Quality as the model names it',
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
		description: 'How the server returns the image',
	},
	{
		displayName: 'Seed',
		name: 'seed',
		type: 'number',
		typeOptions: { numberPrecision: 0 },
		default: 0,
		description: 'Makes results repeatable if the model supports it',
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
		options: choices('Natural', 'Vivid'),
		description: 'Style of DALL·E 3',
	},
];
