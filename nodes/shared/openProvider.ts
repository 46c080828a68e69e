import { AiChats } from '../../providers/aiChats/AiChats';
import type { AsyncGeneratorProvider } from '../../providers/AsyncGeneratorProvider';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible';
import { ServerTraits } from '../../providers/openAiCompatible/ServerTraits';
import type { ProviderModelMixin } from '../../providers/ProviderModelMixin';
import type { Transport } from '../../providers/Transport';
import { text } from '../../transport/connection';
import { N8nTransport, type RequestContext } from '../../transport/N8nTransport';
import { RetryingTransport, RetryQueue } from '../../transport/RetryingTransport';
import { TimedTransport } from '../../transport/TimedTransport';
import type { NetworkSettings } from './networkSettings';

/** What the nodes need of a provider. */
export type Provider = AsyncGeneratorProvider & InstanceType<ReturnType<typeof ProviderModelMixin>>;

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
	return { provider, redact: transport.redact };
}
