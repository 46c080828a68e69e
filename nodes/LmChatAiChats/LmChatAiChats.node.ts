import {
	type INodeType,
	type INodeTypeDescription,
	type ISupplyDataFunctions,
	NodeConnectionTypes,
	NodeOperationError,
	type SupplyData,
} from 'n8n-workflow';

import { maxAnswerSizeProperty, readGenerateOptions } from '../shared/chatOptions';
import { credentialTests } from '../shared/credentialTest';
import { type ModelPlace, modelProperties, readModel, searchModels } from '../shared/model';
import { networkSettings } from '../shared/network';
import { definitionsByName, optionsCollection, readOptions } from '../shared/options';
import {
	asProviderName,
	DEFAULT_PROVIDER,
	providerCredentials,
	providerProperty,
	SERVICE_NAMES,
	type ServiceEntry,
	serviceEntry,
	serviceFields,
} from '../shared/providers';
import { openService } from '../shared/service';
import { toNodeError } from '../shared/toNodeError';
import { mendAdapter } from './adapter';
import { AiChatsChatModel } from './AiChatsChatModel';
import { keptCallsOf } from './toolCalls';

/** The options that the node has with a provider. */
const optionsOf = (entry: ServiceEntry) => [
	maxAnswerSizeProperty,
	...entry.chatOptions,
	...entry.networkOptions,
];

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
			providerProperty(SERVICE_NAMES),
			...modelProperties({}),
			...serviceFields({}, (entry) => [optionsCollection(optionsOf(entry))]),
		],
	};

	methods = { credentialTest: credentialTests, listSearch: { searchModels } };

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
	let redact = (text: string): string => text;
	const describe = (error: unknown) => toNodeError(error, context.getNode(), itemIndex, redact);
	try {
		const { service, ...settings } = await readSettings(context, itemIndex);
		redact = service.redact;
		const { provider } = service.provider();
		const model = new AiChatsChatModel({
			...settings,
			provider,
			model: await provider.resolveModel(settings.model, settings.stop),
			readSchema: (tool) => ({ ...sdk.getParametersJsonSchema(tool) }),
			describe,
		});
		const supplied = sdk.supplyModel(context, model);
		return { ...supplied, response: mendAdapter(supplied.response) };
	} catch (error) {
		throw describe(error);
	}
}

async function readSettings(context: ISupplyDataFunctions, itemIndex: number) {
	const place: ModelPlace = {
		context,
		itemIndex,
		parameter: (name, fallback, options) =>
			context.getNodeParameter(name, itemIndex, fallback, options),
	};
	const provider = place.parameter('provider', DEFAULT_PROVIDER);
	const providerName = asProviderName(place, provider, SERVICE_NAMES);
	const definitions = definitionsByName(optionsOf(serviceEntry(providerName)));
	const fields = readOptions(place, definitions, place.parameter('options', {}));
	const stop = context.getExecutionCancelSignal();
	return {
		service: await openService(context, providerName, networkSettings(fields), itemIndex),
		providerName,
		model: readModel(place, providerName, 'chat'),
		options: readGenerateOptions(place, fields),
		keptCalls: keptCallsOf(stop, context.getNode().name),
		stop,
	};
}

/** Loaded on first use: n8n before 2.20 has no SDK, and the package's other node works there. */
async function loadSdk(context: ISupplyDataFunctions) {
	try {
		return await import('@n8n/ai-node-sdk');
	} catch {
		// All in the message: older ones show it in a place where there is none for a description.
		throw new NodeOperationError(
			context.getNode(),
			'The AiChats Chat Model needs n8n 2.20 or later. The AiChats node works here.',
		);
	}
}
