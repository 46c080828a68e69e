import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { credentialTests } from '../shared/credentialTest';
import { searchModels } from '../shared/model';
import { PROVIDER_NAMES, providerCredentials, providerProperty } from '../shared/providers';
import { limitsProperty } from './limits';
import { operations } from './operations';
import { runItems } from './runItems';

/** For Chat a memory can be connected, and the model. As the editor needs it: an expression over the parameters. */
const INPUTS = `={{ $parameter["operation"] === "image"
	? [{ type: "${NodeConnectionTypes.Main}" }]
	: [
		{ type: "${NodeConnectionTypes.Main}" },
		...($parameter["provider"] === "connectedModel"
			? [{ type: "${NodeConnectionTypes.AiLanguageModel}", displayName: "Chat Model", maxConnections: 1, required: true }]
			: []),
		{ type: "${NodeConnectionTypes.AiMemory}", displayName: "Memory", maxConnections: 1 },
	] }}` as const;

export class AiChats implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AiChats',
		name: 'aiChats',
		icon: { light: 'file:../../icons/aichats.svg', dark: 'file:../../icons/aichats.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] === "image" ? "Generate an image" : "Chat with a model" }}',
		description:
			'Chat with a model or generate images through an Ai-Chats or OpenAI-compatible service',
		defaults: { name: 'AiChats' },
		inputs: INPUTS,
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: providerCredentials,
		properties: [
			providerProperty(PROVIDER_NAMES),
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'chat',
				options: [
					{
						name: 'Chat',
						value: 'chat',
						action: 'Chat with a model',
						description: 'Send a prompt and get the answer as text',
					},
					{
						name: 'Image',
						value: 'image',
						displayOptions: { hide: { provider: ['connectedModel'] } },
						action: 'Generate an image',
						description: 'Generate an image from a prompt',
					},
				],
			},
			...operations.chat.description,
			...operations.image.description,
			limitsProperty,
		],
	};

	methods = { credentialTest: credentialTests, listSearch: { searchModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this);
	}
}
