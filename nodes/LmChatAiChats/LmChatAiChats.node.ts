import {
	type INodeType,
	type INodeTypeDescription,
	type ISupplyDataFunctions,
	NodeConnectionTypes,
	type SupplyData,
} from 'n8n-workflow';

import { modelProperties } from '../shared/properties/model.properties';
import { nativeTurnsProperty } from '../shared/properties/nativeTurns.properties';
import { networkProperties } from '../shared/properties/network.properties';
import { extraBodyProperty, optionsCollection } from '../shared/properties/options.properties';
import { providerCredentials, providerProperty } from '../shared/properties/provider.properties';
import { showFor } from '../shared/properties/showFor';
import { tuningProperties } from '../shared/properties/tuning.properties';
import { searchModels } from '../shared/searchModels';
import { supplyChatModel } from './supplyChatModel';

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
