import type { ImageOptions } from '../../providers/types';
import type { FieldOf } from './options';

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
		description: 'Width to height, for models that take no size',
	},
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
		description: 'Background of the image',
	},
	{
		displayName: 'Mask Field',
		name: 'maskField',
		type: 'string',
		default: '',
		placeholder: 'e.g. mask',
		description: 'Binary field with an image that is transparent where to edit',
	},
	{
		displayName: 'Number of Images',
		name: 'count',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		default: 1,
		description: 'Number of images to generate. Each becomes a separate item.',
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
		description: 'Quality as the model names it, such as high or hd',
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
		description: 'How the server returns the image, if it supports both',
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
		options: [
			{ name: 'Natural', value: 'natural' },
			{ name: 'Vivid', value: 'vivid' },
		],
		description: 'Style of DALL·E 3',
	},
];
