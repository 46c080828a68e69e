import {
	type ICredentialType,
	type IDisplayOptions,
	type INodeCredentialDescription,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials';
import { AiChats } from '../../providers/aiChats/AiChats';
import type { Provider } from '../../providers/AsyncGeneratorProvider';
import { ServerTraits } from '../../providers/openAiCompatible/serverTraits';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible';
import type { Transport } from '../../providers/Transport';
import type { ModelKind } from '../../providers/types';
import {
	attachmentProperties,
	extraBodyProperty,
	imageDetailProperty,
	nativeTurnsProperty,
	tuningProperties,
} from './chatOptions';
import { type FieldPlace, unknownChoice } from './fields';
import { imageSettingProperties } from './imageOptions';
import { networkProperties, timeLimitProperties } from './network';

/** What the nodes know of whatever answers: their fields follow from it. */
export interface ProviderEntry {
	/** As the field 'Provider' shows it. */
	label: string;
	description: string;
	/** Options of whatever asks for text: the operation Chat and the Chat Model. */
	chatOptions: readonly INodeProperties[];
	/** Options of the operation Chat for files that go along with the prompt. */
	attachmentOptions: readonly INodeProperties[];
	/** Options of the operation Image. */
	imageOptions: readonly INodeProperties[];
	/** How patient requests are. */
	networkOptions: readonly INodeProperties[];
	/** Whether other models of the same service can be asked in place of the chosen one. */
	hasOtherModels: boolean;
	/** Whether the operation Image can edit the item's images. */
	editsImages: boolean;
	/** Whether the messages have to ask for JSON, because the protocol has no field for it. */
	asksForJsonInMessages: boolean;
}

/** All that the nodes know of a service: credentials, secrets and the list of models follow from it, too. */
export interface ServiceEntry extends ProviderEntry {
	/** Its fields with `typeOptions.password` hold secrets, which are taken out of every error. */
	credential: new () => ICredentialType;
	/** The models used when none is chosen; empty where only the server knows its models. */
	defaultModels: Readonly<Record<ModelKind, string>>;
	/** Models to show as examples where there is no default. */
	exampleModels: Readonly<Record<ModelKind, string>>;
	/** @returns a function that makes clients of one service, which share what they learn about it */
	connect(baseUrl: string): (transport: Transport) => Provider;
}

/** The services that both nodes can ask, by the value of the field 'Provider'. The first is the default. */
export const SERVICES = {
	aiChats: {
		label: 'Ai-Chats',
		description: 'A service that speaks the Ai-Chats protocol',
		credential: AiChatsApi,
		defaultModels: { chat: 'gpt-4', image: 'dalle' },
		exampleModels: { chat: 'gpt-4', image: 'dalle' },
		chatOptions: [nativeTurnsProperty],
		attachmentOptions: attachmentProperties,
		imageOptions: [],
		networkOptions: networkProperties,
		hasOtherModels: false,
		editsImages: false,
		asksForJsonInMessages: true,
		connect: (baseUrl) => (transport) => new AiChats(transport, baseUrl),
	},
	openAiCompatible: {
		label: 'OpenAI-Compatible',
		description: 'OpenAI, OpenRouter, LiteLLM, Ollama, LM Studio, vLLM and others',
		credential: AiChatsOpenAiCompatibleApi,
		defaultModels: { chat: '', image: '' },
		exampleModels: { chat: 'qwen3:8b', image: 'flux-schnell' },
		chatOptions: [...tuningProperties, extraBodyProperty],
		attachmentOptions: [...attachmentProperties, imageDetailProperty],
		imageOptions: [...imageSettingProperties, extraBodyProperty],
		networkOptions: networkProperties,
		hasOtherModels: true,
		editsImages: true,
		asksForJsonInMessages: false,
		connect(baseUrl) {
			const traits = new ServerTraits();
			return (transport) => new OpenAiCompatible(transport, baseUrl, traits);
		},
	},
} satisfies Record<string, ServiceEntry>;

/** All that the operation Chat can ask. A connected model has credential, model and settings in a node of its own. */
export const PROVIDERS = {
	...SERVICES,
	connectedModel: {
		label: 'Connected Chat Model',
		description: 'A chat model node of n8n, such as Anthropic, Google Gemini or AWS Bedrock',
		chatOptions: [],
		attachmentOptions: [...attachmentProperties, imageDetailProperty],
		imageOptions: [],
		// The connected node retries by itself.
		networkOptions: timeLimitProperties,
		hasOtherModels: false,
		editsImages: false,
		asksForJsonInMessages: true,
	},
} satisfies Record<string, ProviderEntry>;

export type ServiceName = keyof typeof SERVICES;
export type ProviderName = keyof typeof PROVIDERS;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as ProviderName[];
export const DEFAULT_PROVIDER: ServiceName = 'aiChats';

/** What is known of a provider. */
export function providerEntry(name: ProviderName): ProviderEntry {
	return PROVIDERS[name];
}

/** All that is known of a service. */
export function serviceEntry(name: ServiceName): ServiceEntry {
	return SERVICES[name];
}

/**
 * The value of the field 'Provider', which is one of these.
 * @throws NodeOperationError for another, which a workflow edited by hand may name
 */
export function asProviderName<Name extends ProviderName>(
	place: FieldPlace,
	value: unknown,
	names: readonly Name[],
): Name {
	const known = names.find((name) => name === value);
	if (known !== undefined) return known;
	const labels = names.map((name) => PROVIDERS[name].label);
	throw unknownChoice(place, 'Provider', value, labels);
}

/** When a field is shown, besides the rules it has of its own. */
export interface Occasion {
	operation?: 'chat' | 'image';
	provider?: ProviderName;
}

/** The fields, shown only on this occasion. */
export function showFor(
	occasion: Occasion,
	properties: readonly INodeProperties[],
): INodeProperties[] {
	const show: IDisplayOptions['show'] = Object.fromEntries(
		Object.entries(occasion).map(([field, value]) => [field, [value as string]]),
	);
	return updateDisplayOptions({ show }, [...properties]);
}

/** Fields that differ by service, each shown for its own. */
export function serviceFields(
	occasion: Occasion,
	fieldsOf: (entry: ServiceEntry) => readonly INodeProperties[],
): INodeProperties[] {
	return SERVICE_NAMES.flatMap((provider) =>
		showFor({ ...occasion, provider }, fieldsOf(SERVICES[provider])),
	);
}

/** The same for fields that a connected model has, too. */
export function providerFields(
	occasion: Occasion,
	fieldsOf: (entry: ProviderEntry) => readonly INodeProperties[],
): INodeProperties[] {
	const provider = 'connectedModel';
	return [
		...serviceFields(occasion, fieldsOf),
		...showFor({ ...occasion, provider }, fieldsOf(PROVIDERS[provider])),
	];
}

/** The choice of a provider. */
export function providerProperty(names: readonly ProviderName[]): INodeProperties {
	return {
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		noDataExpression: true,
		default: DEFAULT_PROVIDER,
		options: names.map((value) => {
			const { label, description } = PROVIDERS[value];
			return { name: label, value, description };
		}),
		description: 'The kind of service to call',
	};
}

/**
 * The credential of the chosen service. The default's by `hide`: n8n leaves defaults out of saved workflows,
 * and its editor sets in an imported node what should be shown without a provider. The others by `show`: with
 * `show` for every provider, the editor takes the field for a choice of authentication, and moves it into the
 * credential's dialog.
 */
export const providerCredentials: INodeCredentialDescription[] = SERVICE_NAMES.map((provider) => ({
	name: credentialType(provider),
	required: true,
	// Its function among the nodes' `credentialTests`.
	testedBy: provider,
	displayOptions:
		provider === DEFAULT_PROVIDER
			? { hide: { provider: PROVIDER_NAMES.filter((name) => name !== provider) } }
			: { show: { provider: [provider] } },
}));

/** The name under which n8n knows the service's credential. */
export function credentialType(provider: ServiceName): string {
	return new SERVICES[provider].credential().name;
}
