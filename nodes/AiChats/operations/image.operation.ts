import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { collectReply, type Reply } from '../../../providers/collectReply';
import { withoutUndefined } from '../../../providers/decode/json';
import { ProviderError, toProviderError } from '../../../providers/errors';
import { heldBytes } from '../../../providers/files';
import { splitImages } from '../../../providers/image/markdownImages';
import type { GenerateOptions, ImageResponse, ProviderChunk } from '../../../providers/types';
import { pick, readExtraBody } from '../../shared/chatOptions';
import { type ImageFields, imageSettingProperties } from '../../shared/imageOptions';
import { modelProperties } from '../../shared/model';
import { networkProperties, retryUnansweredProperty } from '../../shared/network';
import { optionsCollection } from '../../shared/options';
import { serviceFields, showFor } from '../../shared/providers';
import { answerProperties, batchProperties } from '../fields/batch';
import { readImages } from '../fields/attachments';
import {
	imageFileProperties,
	type ImageOutput,
	imageOutputProperties,
	readImageOutput,
} from '../fields/imageOutput';
import { promptProperty, readPrompt, toolDescriptionProperty } from '../fields/prompt';
import { answerFieldProperty, includeOtherFieldsProperty } from '../fields/row';
import { chosenModels, fallbackProperties, ModelChain } from '../fallbackModels';
import type { ItemRun } from '../ItemRun';
import type { OptionsOf } from '../SharedRun';
import type { AnswerRequest } from '../repeatedRows';
import { failureText, ImageSink, type StoredImage } from './storeImages';

const sourceFieldsProperty: INodeProperties = {
	displayName: 'Images to Edit',
	name: 'sourceFields',
	type: 'string',
	default: '',
	placeholder: 'e.g. data',
	description: 'Binary fields with images to edit or use as references, separated by commas',
};

export const optionsOf: OptionsOf = (entry) => [
	...imageFileProperties,
	answerFieldProperty,
	...fallbackProperties(entry),
	...entry.imageOptions,
	...batchProperties,
	...answerProperties,
	...networkProperties,
	retryUnansweredProperty,
];

export const description: INodeProperties[] = [
	...modelProperties({ operation: 'image' }),
	...showFor({ operation: 'image' }, [
		toolDescriptionProperty(
			'Generates an image and returns a URL where it can be viewed or downloaded, and its file name, type and size in pixels. The prompt must describe the whole image: subject, surroundings, style and colors.',
		),
		promptProperty({
			placeholder: 'e.g. A lighthouse at dusk, watercolor',
			description: 'What the image should show',
		}),
	]),
	...serviceFields({ operation: 'image' }, ({ editsImages }) =>
		editsImages ? [sourceFieldsProperty] : [],
	),
	...showFor({ operation: 'image' }, [...imageOutputProperties, includeOtherFieldsProperty]),
	...serviceFields({ operation: 'image' }, (entry) => [optionsCollection(optionsOf(entry))]),
];

/** A prompt in, one item for each image out. */
export async function execute(run: ItemRun): Promise<INodeExecutionData[]> {
	const prompt = readPrompt(run);
	const options = await readImageOptions(run);
	const output = readImageOutput(run, prompt);
	const request = () => requestOf(chosenModels(run, 'image'), prompt, options, output);
	const { answer, repeatOf } = await run.answer(request, async () => {
		return await draw(run, prompt, options, output);
	});

	const { images, model, notes, failed } = answer;
	for (const text of notes) run.hint(text);
	if (failed.length > 0) run.hint(`Not every image arrived: ${failed[0]}`);
	const details = withoutUndefined({ prompt, model, ...answer.details, repeatOf });
	return imageItems(run, images, details, answer, failed);
}

/** What tells one request from another: also where its images go. */
function requestOf(
	models: readonly string[],
	prompt: string,
	{ image = {}, extraBody }: GenerateOptions,
	output: ImageOutput,
): AnswerRequest {
	const { sources = [], mask, ...settings } = image;
	const files = mask === undefined ? sources : [...sources, mask];
	const names = files.map(({ fileName }) => fileName);
	return {
		content: () => [models, prompt, settings, names, mask !== undefined, extraBody, output],
		length: prompt.length,
		files: files.map(({ bytes }) => heldBytes(bytes)),
	};
}

interface DrawnImages extends TakenReply {
	images: readonly StoredImage[];
	/** The one that answered. */
	model: string;
	/** Why others did not. */
	details: IDataObject;
}

/** @throws ProviderError, or NodeOperationError when there is no image at all */
async function draw(
	run: ItemRun,
	prompt: string,
	options: GenerateOptions,
	output: ImageOutput,
): Promise<DrawnImages> {
	const provider = await run.provider();
	const models = await ModelChain.open(run, 'image');
	const sink = new ImageSink(run, provider, output);
	const messages = [{ role: 'user' as const, content: prompt }];
	const reply = await models.ask(
		async (model) =>
			await takeImages(run, provider.createAsyncGenerator(model, messages, options), sink),
	);
	const { model } = models;
	const { images, failures } = sink;
	const failed = [...failures.map((error) => failureText(run, error)), ...reply.failed];
	if (images.length === 0) throw failures[0] ?? noImages(model, reply.text, failed);
	return { ...reply, images, model, details: models.details, failed };
}

type TakenReply = Partial<Pick<Reply, 'revisedPrompts' | 'usage'>> & {
	/** Beside the images, where the model draws in a chat. */
	text: string;
	notes: readonly string[];
	/** Images that the service could not make, in its words. */
	failed: readonly string[];
};

/**
 * An answer that breaks off does not take the images with it that came before: they are paid for.
 * @throws what broke it off, where nothing had come
 */
async function takeImages(
	run: ItemRun,
	chunks: AsyncIterable<ProviderChunk>,
	sink: ImageSink,
): Promise<TakenReply> {
	const onImage = async (image: ImageResponse) => await sink.take(image);
	try {
		const collected = await collectReply(chunks, { onImage, onUsage: run.noteUsage });
		const { revisedPrompts, usage, notes, failedImages } = collected;
		const { text } = splitImages(collected.text, /^data:image\//i);
		return { text, revisedPrompts, ...(usage && { usage }), notes, failed: failedImages };
	} catch (error) {
		if (!sink.hasBegun) throw toProviderError(error);
		sink.fail(error);
		return { text: '', notes: [], failed: [] };
	}
}

/** The output items of one input item: one for each image. An agent reads only of the images. */
export function imageItems(
	run: ItemRun,
	images: readonly StoredImage[],
	details: IDataObject,
	{ text, revisedPrompts, usage }: Partial<Pick<Reply, 'text' | 'revisedPrompts' | 'usage'>>,
	failures: readonly string[],
): INodeExecutionData[] {
	const common = {
		text: text || undefined,
		usage: usage && { ...usage },
		failedImages: failures.length === 0 ? undefined : [...failures],
	};
	return images.map(({ position, json, binary }) => {
		const revisedPrompt = revisedPrompts?.[position] ?? undefined;
		return withoutUndefined({
			json: run.isTool ? json : withoutUndefined({ ...details, ...json, revisedPrompt, ...common }),
			binary,
			pairedItem: { item: run.itemIndex },
		});
	});
}

function noImages(model: string, text: string, failures: readonly string[]): ProviderError {
	const what = text === '' ? 'no image' : 'text instead of an image';
	return new ProviderError('refused', `The model '${model}' returned ${what}`, {
		reason: 'noImage',
		explanation: failures[0],
		serviceMessage: text,
	});
}

/** What an image request says besides its prompt. @throws NodeOperationError for unusable files */
export async function readImageOptions(run: ItemRun): Promise<GenerateOptions> {
	const options = run.options();
	const { maskField = '', ...settings } = pick<ImageFields>(options, imageSettingProperties);
	const sources = await readImages(run, 'Images to Edit', run.parameter('sourceFields', ''));
	const [mask] = await readImages(run, 'Mask Field', maskField);
	return {
		signal: run.signal,
		image: { ...settings, sources, mask },
		extraBody: readExtraBody(run, options),
	};
}
