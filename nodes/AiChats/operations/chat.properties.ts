import type { INodeProperties } from 'n8n-workflow';

import { nativeTurnsProperty } from '../../shared/properties/nativeTurns.properties';
import { networkProperties } from '../../shared/properties/network.properties';
import { batchProperties } from '../input/batch.properties';
import { historyProperties } from '../input/history.properties';
import { modelProperties } from '../../shared/properties/model.properties';
import { extraBodyProperty, optionsCollection } from '../../shared/properties/options.properties';
import { promptProperty } from '../input/prompt.properties';
import { responseFormatProperties } from '../input/responseFormat.properties';
import { toolDescriptionProperty } from '../input/toolDescription.properties';
import { tuningProperties } from '../../shared/properties/tuning.properties';
import { visionProperties } from '../input/vision.properties';
import { showFor } from '../../shared/properties/showFor';

const streamingProperty: INodeProperties = {
	displayName: 'Enable Streaming',
	name: 'enableStreaming',
	type: 'boolean',
	default: true,
	description:
		'Whether to pass the answer on while it is written, where the trigger streams (Chat Trigger or Webhook with Response Mode Streaming). With Retry On Fail it is passed on when it is whole.',
};

export const description: INodeProperties[] = [
	...modelProperties({ operation: 'chat' }),
	...showFor({ operation: 'chat' }, [
		toolDescriptionProperty(
			'Asks another language model and returns its answer as text. It sees nothing of this conversation: put everything that it has to know into the prompt.',
		),
		promptProperty({
			placeholder: 'e.g. Write a short poem about the sea',
			description: 'The text to send to the model',
		}),
		{
			displayName: 'System Message',
			name: 'systemMessage',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. You are a friendly assistant who answers in one sentence',
			description: 'What the model is told about its role before the conversation begins',
		},
		...historyProperties,
		...responseFormatProperties,
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
	]),
	...showFor({ operation: 'chat', provider: 'aiChats' }, [
		optionsCollection([
			nativeTurnsProperty,
			streamingProperty,
			...batchProperties,
			...networkProperties,
		]),
	]),
	...showFor({ operation: 'chat', provider: 'openAiCompatible' }, [
		optionsCollection([
			streamingProperty,
			...tuningProperties,
			...visionProperties,
			extraBodyProperty,
			...batchProperties,
			...networkProperties,
		]),
	]),
];
