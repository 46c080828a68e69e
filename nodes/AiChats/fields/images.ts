import { NodeOperationError } from 'n8n-workflow';

import { sniffImage } from '../../../providers/image/format';
import type { ImageFile } from '../../../providers/types';
import { asFieldText } from '../../shared/fields';
import type { ItemRun } from '../ItemRun';

/** Every known service refuses larger images. */
const MAX_INPUT_IMAGE_BYTES = 50 * 1024 * 1024;

/**
 * The images in the named binary fields (names separated by commas), in whichever storage n8n keeps them.
 * @param label the field with the names, as the user sees it
 * @throws NodeOperationError that names a field without a usable image
 */
export async function readImages(
	run: ItemRun,
	label: string,
	fields: unknown,
): Promise<ImageFile[]> {
	const names = asFieldText(run, label, fields)
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
	return await Promise.all(names.map(async (name) => await readImage(run, name)));
}

async function readImage(run: ItemRun, name: string): Promise<ImageFile> {
	const { helpers } = run.context;
	const data = helpers.assertBinaryData(run.itemIndex, name);
	if ((data.bytes ?? 0) > MAX_INPUT_IMAGE_BYTES)
		throw unusable(run, name, 'is too large', LIMIT_ADVICE);
	const bytes = await helpers.getBinaryDataBuffer(run.itemIndex, name);
	if (bytes.length > MAX_INPUT_IMAGE_BYTES) throw unusable(run, name, 'is too large', LIMIT_ADVICE);
	const format = sniffImage(bytes);
	if (format === undefined) throw unusable(run, name, 'is not an image', FORMAT_ADVICE);
	// A Code node may have put anything there.
	const given: unknown = data.fileName;
	const fileName = typeof given === 'string' ? given : `${name}.${format.extension}`;
	return { fileName, mimeType: format.mimeType, bytes };
}

const LIMIT_ADVICE = `Images may have up to ${MAX_INPUT_IMAGE_BYTES / 1024 / 1024} MB. Make it smaller first, e.g. with the Edit Image node.`;
const FORMAT_ADVICE = 'Give the name of a field that holds a PNG, JPEG, WebP, GIF or AVIF image.';

function unusable(run: ItemRun, name: string, fault: string, advice: string): NodeOperationError {
	return new NodeOperationError(run.context.getNode(), `The file in field '${name}' ${fault}`, {
		itemIndex: run.itemIndex,
		description: advice,
	});
}
