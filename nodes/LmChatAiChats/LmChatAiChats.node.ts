import {
	type INodeType,
	type INodeTypeDescription,
	type ISupplyDataFunctions,
	NodeConnectionTypes,
	NodeOperationError,
	type SupplyData,
} from 'n8n-workflow';

import {
	type ChatFields,
	nativeTurnsProperty,
	readGenerateOptions,
	tuningProperties,
} from '../shared/chatOptions';
import { extraBodyProperty, optionsCollection, showFor } from '../shared/fields';
import { modelProperties, searchModels } from '../shared/model';
import { type NetworkFields, networkProperties, networkSettings } from '../shared/network';
import {
	DEFAULT_MODELS,
	type OpenedService,
	openService,
	providerCredentials,
	type ProviderName,
	providerProperty,
} from '../shared/providers';
import { toNodeError } from '../shared/toNodeError';
import { mendAdapter } from './adapter';
import { AiChatsChatModel } from './AiChatsChatModel';
import { keptCallsOf } from './toolCalls';

export class LmChatAiChats implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AiChats Chat Model',
		name: 'lmChatAiChats',
		icon: { light: 'file:../../icons/aichats.svg', dark: 'file:../../icons/aichats.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["model"] && $parameter["model"]["value"] }}',
		description:
			'Chat model for AI Agents and chains, through an Ai-Chats or OpenAI-compatible service',
		defaults: { name: 'AiChats Chat Model' },
		inputs: [],
		outputs: [NodeConnectionTypes.AiLanguageModel],
		outputNames: ['Model'],
		credentials: providerCredentials,
		properties: [
			providerProperty,
			...modelProperties({}),
			...showFor({ provider: 'aiChats' }, [
				optionsCollection([nativeTurnsProperty, ...networkProperties]),
			]),
			...showFor({ provider: 'openAiCompatible' }, [
				optionsCollection([...tuningProperties, extraBodyProperty, ...networkProperties]),
			]),
		],
	};

	methods = { listSearch: { searchModels } };

	async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
		return await supplyChatModel(this, itemIndex);
	}
}

/** The node's chat model, as n8n's agents and chains take it. */
export async function supplyChatModel(
	context: ISupplyDataFunctions,
	itemIndex: number,
): Promise<SupplyData> {
	const sdk = await loadSdk(context);
	const providerName = context.getNodeParameter('provider', itemIndex, 'aiChats') as ProviderName;
	const fields = context.getNodeParameter('options', itemIndex, {}) as ChatFields & NetworkFields;
	const stop = context.getExecutionCancelSignal();
	let service: OpenedService | undefined;
	const describe = (error: unknown) =>
		toNodeError(error, context.getNode(), itemIndex, service?.redact ?? ((words) => words));
	try {
		service = await openService(context, providerName, networkSettings(fields));
		const { provider } = service.provider();
		const model = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
		const supplied = sdk.supplyModel(
			context,
			new AiChatsChatModel({
				provider,
				providerName,
				model: await provider.resolveModel(String(model || DEFAULT_MODELS.chat[providerName])),
				options: readGenerateOptions({ context, itemIndex }, fields),
				readSchema: (tool) => ({ ...sdk.getParametersJsonSchema(tool) }),
				keptCalls: keptCallsOf(stop, context.getNode().name),
				stop,
				describe,
			}),
		);
		return { ...supplied, response: mendAdapter(supplied.response) };
	} catch (error) {
		throw describe(error);
	}
}

/** Loaded on first use: n8n before 2.20 has no SDK, and the package's other node works there. */
async function loadSdk(context: ISupplyDataFunctions) {
	try {
		return await import('@n8n/ai-node-sdk');
	} catch {
		// All in the message: older ones show it in a place where there is none for a description.
		throw new NodeOperationError(
			context.getNode(),
			'This n8n has no support for chat models of community nodes: the AiChats Chat Model needs n8n 2.20 or later. The AiChats node works here.',
		);
	}
}
