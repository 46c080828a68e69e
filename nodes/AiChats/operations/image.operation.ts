import { type INodeExecutionData, type INodeProperties, NodeOperationError } from 'n8n-workflow';

import { collectReply } from '../../../providers/collectReply';
import type { GenerateOptions, ImageOptions } from '../../../providers/types';
import { extraBodyProperty, optionsCollection, readJsonObject, showFor } from '../../shared/fields';
import { modelProperties, readModel } from '../../shared/model';
import { networkProperties, retryUnansweredProperty } from '../../shared/network';
import { batchProperties } from '../fields/batch';
import { readImages } from '../fields/images';
import { imageSettingProperties } from '../fields/imageSettings';
import { promptProperty, readPrompt, toolDescriptionProperty } from '../fields/prompt';
import type { ItemRun } from '../ItemRun';
import { imageItems, ImageSink, readImageOutput } from './storeImages';

const fileNameProperty: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. lighthouse',
	description:
		'Name of the file. Made from the prompt when empty; the extension follows from the image.',
};

const maxImageSizeProperty: INodeProperties = {
	displayName: 'Max Image Size (MB)',
	name: 'maxImageSize',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 100,
	description: 'Largest file to accept',
};

const downloadProperties: INodeProperties[] = [
	maxImageSizeProperty,
	...batchProperties,
	...networkProperties.filter(({ name }) => name !== 'maxAnswerSize'),
	retryUnansweredProperty,
];

export const description: INodeProperties[] = [
	...modelProperties({ operation: 'image' }),
	...showFor({ operation: 'image' }, [
		toolDescriptionProperty(
			'Draws an image and returns a URL under which it can be shown or downloaded, and its file name, type and size in pixels. The prompt has to describe the whole image: subject, surroundings, style and colours.',
		),
		promptProperty({
			placeholder: 'e.g. A lighthouse at dusk, watercolor',
			description: 'What the image should show',
		}),
	]),
	...showFor({ operation: 'image', provider: 'openAiCompatible' }, [
		{
			displayName: 'Images to Edit',
			name: 'sourceFields',
			type: 'string',
			default: '',
			placeholder: 'e.g. data',
			description:
				'Names of the binary fields whose images are to be edited, separated by commas. Leave empty to draw a new image.',
		},
	]),
	...showFor({ operation: 'image' }, [
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
					description: 'Download the image for the next steps',
				},
				{
					name: 'Binary File and URL',
					value: 'both',
					description: 'Download the image and return its link too',
				},
				{
					name: 'URL',
					value: 'url',
					description: 'Return the link without downloading the image',
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

/** A prompt in, one item for each image out. */
export async function execute(run: ItemRun): Promise<INodeExecutionData[]> {
	const prompt = readPrompt(run);
	const model = readModel(run, 'image');
	const options = await readImageOptions(run);
	const store = new ImageSink(run, await run.provider(), readImageOutput(run, prompt));

	const provider = await run.provider();
	const messages = [{ role: 'user' as const, content: prompt }];
	const chunks = provider.createAsyncGenerator(model, messages, options);
	const reply = await collectReply(chunks, {
		onImage: async (image) => await store.take(image),
	});
	if (store.images.length === 0) throw saidInstead(run, model);

	return imageItems(run, store.images, { prompt, model: provider.getModel(model) }, reply);
}

function saidInstead(run: ItemRun, model: string): NodeOperationError {
	return new NodeOperationError(run.context.getNode(), `The model '${model}' sent no image`, {
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
	const sources = await readImages(run, 'Images to Edit', run.parameter('sourceFields', ''));
	const [mask] = await readImages(run, 'Mask Field', maskField);
	return {
		signal: run.signal,
		image: { ...settings, sources, mask },
		extraBody: extraBody === undefined ? {} : readJsonObject(run, 'Extra Body', extraBody),
	};
}
