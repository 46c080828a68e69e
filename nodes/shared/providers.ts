import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import { AiChats } from '../../providers/aiChats/AiChats';
import type { Provider } from '../../providers/AsyncGeneratorProvider';
import { ServerTraits } from '../../providers/openAiCompatible/chatRequest';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible';
import type { Transport } from '../../providers/Transport';
import type { ModelKind } from '../../providers/types';
import { AiChatsApi } from '../../credentials/AiChatsApi.credentials';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials';
import { text } from '../../transport/credential';
import { N8nTransport, type RequestContext } from '../../transport/N8nTransport';
import { redactor } from '../../transport/redact';
import { secretFieldNames } from '../../transport/secrets';
import { RetryingTransport, RetryQueue } from '../../transport/RetryingTransport';
import { TimedTransport } from '../../transport/TimedTransport';
import type { NetworkSettings } from './network';

/** The model that is asked when none is chosen. */
export const DEFAULT_MODELS: Record<ModelKind, Record<ProviderName, string>> = {
	chat: { aiChats: 'gpt-4', openAiCompatible: 'gpt-4o-mini' },
	image: { aiChats: 'dalle', openAiCompatible: 'gpt-image-1' },
};

interface ProviderEntry {
	credentialType: string;
	/** @param traits what all requests of a run have learnt about the server */
	create(transport: Transport, baseUrl: string, traits: ServerTraits): Provider;
}

/** The providers that users choose from, by the value of the field 'Provider'. */
const PROVIDERS = {
	aiChats: {
		credentialType: 'aiChatsApi',
		create: (transport, baseUrl) => new AiChats(transport, baseUrl),
	},
	openAiCompatible: {
		credentialType: 'aiChatsOpenAiCompatibleApi',
		create: (transport, baseUrl, traits) => new OpenAiCompatible(transport, baseUrl, traits),
	},
} satisfies Record<string, ProviderEntry>;

export type ProviderName = keyof typeof PROVIDERS;

/** Every field that the editor hides as a password. */
const SECRET_FIELDS = [new AiChatsApi(), new AiChatsOpenAiCompatibleApi()].flatMap(
	({ properties }) => secretFieldNames(properties),
);

/** A provider for one item, and what it sent. */
export interface OpenedProvider {
	provider: Provider;
	traffic: { readonly attempts: number; readonly retries: number };
}

/** A service that a credential leads to. */
export interface OpenedService {
	/** A provider that counts its requests for itself; retries of all are spread together. */
	provider(): OpenedProvider;
	/** Takes the credential's secrets out of words. */
	redact: (words: string) => string;
}

/**
 * The service that a node's credential leads to.
 * @throws ProviderError `refused` for a credential that cannot work
 */
export async function openService(
	context: RequestContext,
	name: ProviderName,
	{ limits, retry }: NetworkSettings,
): Promise<OpenedService> {
	const { credentialType, create }: ProviderEntry = PROVIDERS[name];
	const credential = await context.getCredentials(credentialType);
	const transport = new N8nTransport(context, credentialType, credential);
	const timed = new TimedTransport(transport, limits);
	const queue = new RetryQueue();
	const traits = new ServerTraits();
	const provider = (): OpenedProvider => {
		const traffic = new RetryingTransport(timed, retry, queue);
		return { provider: create(traffic, text(credential['baseUrl']), traits), traffic };
	};
	return { provider, redact: redactor(credential, SECRET_FIELDS) };
}

/** The choice of a provider; its values are those of openProvider's table. */
export const providerProperty: INodeProperties = {
	displayName: 'Provider',
	name: 'provider',
	type: 'options',
	noDataExpression: true,
	default: 'aiChats',
	options: [
		{
			name: 'Ai-Chats',
			value: 'aiChats',
			description: 'A service that speaks the Ai-Chats protocol',
		},
		{
			name: 'OpenAI-Compatible',
			value: 'openAiCompatible',
			description: 'OpenAI, LiteLLM, Ollama, LM Studio, vLLM, LocalAI, OpenRouter and the like',
		},
	],
	description: 'The kind of service to ask',
};

/**
 * The credential of the chosen provider. One by `hide`: n8n leaves defaults out of saved workflows, and its editor
 * puts into an imported node what is to be shown without a provider. One by `show`: with `show` for every provider,
 * the editor takes the field for a choice of authentication, and moves it into the credential's dialog.
 */
export const providerCredentials: INodeCredentialDescription[] = [
	{
		name: 'aiChatsApi',
		required: true,
		displayOptions: { hide: { provider: ['openAiCompatible'] } },
	},
	{
		name: 'aiChatsOpenAiCompatibleApi',
		required: true,
		displayOptions: { show: { provider: ['openAiCompatible'] } },
	},
];
