import type { INodeProperties } from 'n8n-workflow';

import { networkProperties } from '../../shared/properties/network.properties';
import { batchProperties } from '../input/batch.properties';
import { imageSettingProperties } from '../input/imageSettings.properties';
import { promptProperty } from '../input/prompt.properties';
import { toolDescriptionProperty } from '../input/toolDescription.properties';
import { modelProperties } from '../../shared/properties/model.properties';
import { extraBodyProperty, optionsCollection } from '../../shared/properties/options.properties';
import { showFor } from '../../shared/properties/showFor';

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
