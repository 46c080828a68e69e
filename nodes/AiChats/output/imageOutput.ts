import { NodeOperationError } from 'n8n-workflow';

import { asFieldText } from '../input/fieldText';
import type { ItemRun } from '../run/ItemRun';

/** How the user wants pictures. */
export interface ImageOutput {
	kind: 'binary' | 'url' | 'both';
	/** Name of the binary field. */
	property: string;
	/** What to make the file's name from. */
	fileName: string;
	/** Largest file to take, in bytes. */
	largest?: number;
}

interface Fields {
	fileName?: string;
	/** In MB. */
	largestPicture?: number;
}

const MEGABYTE = 1024 * 1024;

/** @throws NodeOperationError for a binary field without a name */
export function readImageOutput(run: ItemRun, prompt: string): ImageOutput {
	const { fileName, largestPicture } = run.options<Fields>();
	return {
		kind: run.parameter('imageOutput', 'binary'),
		property: readBinaryField(run),
		fileName: asFieldText(run, 'File Name', fileName) || prompt,
		...(largestPicture === undefined ? {} : { largest: largestPicture * MEGABYTE }),
	};
}

function readBinaryField(run: ItemRun): string {
	const value = run.parameter<unknown>('binaryPropertyName', 'data');
	const name = asFieldText(run, 'Put Output File in Field', value);
	if (name !== '') return name;
	throw new NodeOperationError(run.context.getNode(), 'The binary field has no name', {
		itemIndex: run.itemIndex,
		description: "Enter a name in 'Put Output File in Field', e.g. data.",
	});
}
