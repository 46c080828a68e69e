import type { INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { AiChats } from '../AiChats/AiChats.node.ts';
import { LmChatAiChats } from './LmChatAiChats.node.ts';

/** The options for a provider, and for the operation Chat where the node has operations. */
function optionsFor(properties: INodeProperties[], provider: string): INodeProperties[] {
	const shown = properties.find(({ name, displayOptions }) => {
		const { operation = ['chat'], provider: providers = [] } = displayOptions?.show ?? {};
		return name === 'options' && operation.includes('chat') && providers.includes(provider);
	});
	return shown?.options as INodeProperties[];
}

describe.each(['aiChats', 'openAiCompatible'])('the options for %s', (provider) => {
	const ofModel = optionsFor(new LmChatAiChats().description.properties, provider);
	const ofNode = optionsFor(new AiChats().description.properties, provider);

	test.each(ofModel.map((option) => [option.name, option]))(
		'%s is the same on the Chat Model as on the node',
		(name, option) => {
			expect(option).toEqual(ofNode.find((other) => other.name === name));
		},
	);

	test('are all but those that a model has no use for', () => {
		const names = new Set(ofModel.map(({ name }) => name));
		const missing = ofNode.map(({ name }) => name).filter((name) => !names.has(name));
		const forItems = [
			'enableStreaming',
			'delayBetweenRequests',
			'parallelRequests',
			'requestsPerMinute',
			'warmUp',
			'imageFields',
			'imageDetail',
			// The Agent has a fallback of its own.
			'fallbackModels',
			'answerField',
			'spreadJson',
			'missingAttachments',
			'answerRepeatsOnce',
			'keepAnswers',
		];
		expect(forItems).toEqual(expect.arrayContaining(missing));
	});
});
