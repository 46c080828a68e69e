import type { INodeProperties } from 'n8n-workflow';

import { withoutUndefined } from '../../../providers/decode/json';
import { asFieldText, emptyError } from '../../shared/fields';
import type { FieldOf } from '../../shared/options';
import type { ItemRun } from '../ItemRun';

/** How the user wants images. */
export interface ImageOutput {
	kind: 'binary' | 'url' | 'both';
	/** Name of the binary field. */
	property: string;
	/** What to make the file's name from. */
	fileName: string;
	/** Largest file to take, in bytes. */
	largest?: number;
}

interface ImageFileOptions {
	fileName?: string;
	/** In MB. */
	maxImageSize?: number;
}

const MEGABYTE = 1024 * 1024;
const FILE_FIELD = 'Put Output File in Field';

export const imageOutputProperties: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'imageOutput',
		type: 'options',
		default: 'binary',
		description: 'How to return the image',
		options: [
			{
				name: 'Binary File',
				value: 'binary',
				description: 'Download the image',
			},
			{
				name: 'Binary File and URL',
				value: 'both',
				description: 'Download the image and return its link',
			},
			{
				name: 'URL',
				value: 'url',
				description: 'Return only the link',
			},
		],
	},
	{
		displayName: FILE_FIELD,
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { imageOutput: ['binary', 'both'] } },
	},
];

export const imageFileProperties: Array<FieldOf<ImageFileOptions>> = [
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. lighthouse',
		description: 'Leave empty to derive it from the prompt',
	},
	{
		displayName: 'Max Image Size (MB)',
		name: 'maxImageSize',
		type: 'number',
		typeOptions: { minValue: 0.001, maxValue: 10_000, numberPrecision: 3 },
		default: 100,
		description: 'Maximum size of an image',
	},
];

/** @throws NodeOperationError for a binary field without a name */
export function readImageOutput(run: ItemRun, prompt: string): ImageOutput {
	const { fileName, maxImageSize } = run.options<ImageFileOptions>();
	return withoutUndefined({
		kind: run.parameter<ImageOutput['kind']>('imageOutput', 'binary'),
		property: readFileField(run),
		fileName: asFieldText(run, 'File Name', fileName) || prompt,
		largest: maxImageSize && maxImageSize * MEGABYTE,
	});
}

function readFileField(run: ItemRun): string {
	const name = asFieldText(run, FILE_FIELD, run.parameter<unknown>('binaryPropertyName', 'data'));
	if (name === '') throw emptyError(run, FILE_FIELD);
	return name;
}
