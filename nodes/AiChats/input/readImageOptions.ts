import type { GenerateOptions, ImageOptions } from '../../../providers/options';
import type { ItemRun } from '../run/ItemRun';
import { readImages } from './readImages';
import { readJsonObject } from '../../shared/readJson';

/** The fields of 'Options' that the Image operation has, as the user set them. */
interface Fields extends Omit<ImageOptions, 'sources' | 'mask'> {
	fileName?: string;
	maskField?: string;
	extraBody?: unknown;
}

/** What an image request says besides its prompt. @throws NodeOperationError for unusable files */
export async function readImageOptions(run: ItemRun): Promise<GenerateOptions> {
	const { maskField = '', extraBody, ...settings } = run.options<Fields>();
	const sources = await readImages(run, 'Edit Image Fields', run.parameter('sourceFields', ''));
	const [mask] = await readImages(run, 'Mask Field', maskField);
	return {
		signal: run.signal,
		image: { ...settings, sources, mask },
		extraBody: extraBody === undefined ? {} : readJsonObject(run, 'Extra Body', extraBody),
	};
}
