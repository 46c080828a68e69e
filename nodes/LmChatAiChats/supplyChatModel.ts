import { type ISupplyDataFunctions, NodeOperationError, type SupplyData } from 'n8n-workflow';

import { networkSettings } from '../shared/networkSettings';
import { type OpenedService, openService, type ProviderName } from '../shared/openProvider';
import type { NetworkFields } from '../shared/properties/network.properties';
import { type ChatFields, readGenerateOptions } from '../shared/readGenerateOptions';
import { toNodeError } from '../shared/toNodeError';
import { AiChatsChatModel } from './AiChatsChatModel';

/** The node's chat model, as n8n's agents and chains take it. */
export async function supplyChatModel(
	context: ISupplyDataFunctions,
	itemIndex: number,
): Promise<SupplyData> {
	const sdk = await loadSdk(context);
	const providerName = context.getNodeParameter('provider', itemIndex, 'aiChats') as ProviderName;
	const fields = context.getNodeParameter('options', itemIndex, {}) as ChatFields & NetworkFields;
	let service: OpenedService | undefined;
	const describe = (error: unknown) =>
		toNodeError(error, context.getNode(), itemIndex, service?.redact ?? ((words) => words));
	try {
		service = await openService(context, providerName, networkSettings(fields));
		const { provider } = service.provider();
		const model = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
		return sdk.supplyModel(
			context,
			new AiChatsChatModel({
				provider,
				providerName,
				model: provider.getModel(String(model)),
				options: readGenerateOptions({ context, itemIndex }, fields),
				readSchema: (tool) => ({ ...sdk.getParametersJsonSchema(tool) }),
				stop: context.getExecutionCancelSignal(),
				describe,
			}),
		);
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
