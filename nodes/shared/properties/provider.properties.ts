import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

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
