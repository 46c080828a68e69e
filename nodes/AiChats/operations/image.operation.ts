import { type INodeExecutionData, type INodeProperties, NodeOperationError } from 'n8n-workflow';

import { collectReply } from '../../../providers/collectReply';
import type { GenerateOptions, ImageOptions } from '../../../providers/types';
import { extraBodyProperty, optionsCollection, readJsonObject, showFor } from '../../shared/fields';
import { modelProperties, readModel } from '../../shared/model';
import { networkProperties } from '../../shared/network';
import { batchProperties } from '../fields/batch';
import { readImages } from '../fields/images';
import { imageSettingProperties } from '../fields/imageSettings';
import { promptProperty, readPrompt, toolDescriptionProperty } from '../fields/prompt';
import type { ItemRun } from '../ItemRun';
import { imageItems, PictureStore, readImageOutput } from './storeImages';

const fileNameProperty: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. lighthouse',
	description:
		'Name of the file. Made from the prompt when empty; the extension follows from the picture.',
};

const largestPictureProperty: INodeProperties = {
	displayName: 'Largest Picture (MB)',
	name: 'largestPicture',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 100,
	description: 'Largest file to accept',
};

const downloadProperties: INodeProperties[] = [
	largestPictureProperty,
	...batchProperties,
	...networkProperties.filter(({ name }) => name !== 'largestAnswer'),
];

export const description: INodeProperties[] = [
	...modelProperties({ operation: 'image' }),
	...showFor({ operation: 'image' }, [
		toolDescriptionProperty(
			'Draws a picture and returns a URL under which it can be shown or downloaded, and its file name, type and size in pixels. The prompt has to describe the whole picture: subject, surroundings, style and colours.',
		),
		promptProperty({
			placeholder: 'e.g. A lighthouse at dusk, watercolor',
			description: 'What the picture should show',
		}),
	]),
	...showFor({ operation: 'image', provider: 'openAiCompatible' }, [
		{
			displayName: 'Edit Image Fields',
			name: 'sourceFields',
			type: 'string',
			default: '',
			placeholder: 'e.g. data',
			description:
				'Names of the binary fields whose images are to be edited, separated by commas. Leave empty to draw a new picture.',
		},
	]),
	...showFor({ operation: 'image' }, [
		{
			displayName: 'Output',
			name: 'imageOutput',
			type: 'options',
			default: 'binary',
			description: 'How to return the picture',
			options: [
				{
					name: 'Binary File',
					value: 'binary',
					description: 'Download the picture for the next steps',
				},
				{
					name: 'Binary File and URL',
					value: 'both',
					description: 'Download the picture and return its link too',
				},
				{
					name: 'URL',
					value: 'url',
					description: 'Return the link without downloading the picture',
				},
			],
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the output binary field to put the file in',
			displayOptions: { show: { imageOutput: ['binary', 'both'] } },
		},
	]),
	...showFor({ operation: 'image', provider: 'aiChats' }, [
		optionsCollection([fileNameProperty, ...downloadProperties]),
	]),
	...showFor({ operation: 'image', provider: 'openAiCompatible' }, [
		optionsCollection([
			fileNameProperty,
			...imageSettingProperties,
			extraBodyProperty,
			...downloadProperties,
		]),
	]),
];

/** A prompt in, one item for each picture out. */
export async function execute(run: ItemRun): Promise<INodeExecutionData[]> {
	const prompt = readPrompt(run);
	const model = readModel(run, 'image');
	const options = await readImageOptions(run);
	const store = new PictureStore(run, await run.provider(), readImageOutput(run, prompt));

	const provider = await run.provider();
	const messages = [{ role: 'user' as const, content: prompt }];
	const chunks = provider.createAsyncGenerator(model, messages, options);
	const reply = await collectReply(chunks, {
		onImage: async (image) => await store.take(image),
	});
	if (store.pictures.length === 0) throw saidInstead(run, model);

	return imageItems(run, store.pictures, { prompt, model: provider.getModel(model) }, reply);
}

function saidInstead(run: ItemRun, model: string): NodeOperationError {
	return new NodeOperationError(run.context.getNode(), `The model '${model}' sent no picture`, {
		itemIndex: run.itemIndex,
		description: "Choose a model that draws, or set 'Operation' to Chat.",
	});
}

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
