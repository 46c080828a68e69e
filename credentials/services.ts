import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

import { refusal } from '../providers/errors';
import { text } from '../transport/credential';

/** A service that people need not look up the address of. */
interface Service {
	name: string;
	/** Base URL; empty where everyone has one of their own. */
	url: string;
	/** Whether the user may enter another base URL. */
	isOwn?: boolean;
	/** The header that its key goes in, where it is not `Authorization`. */
	keyHeader?: string;
	/** What to know before filling in the rest, as HTML. */
	notice: string;
}

/** By the value of the field 'Service'. Addresses and pages as their makers document them (November 2026). */
export const SERVICES: Readonly<Record<string, Service>> = {
	anthropic: hosted(
		'Anthropic',
		'https://api.anthropic.com/v1',
		'platform.claude.com/settings/keys',
	),
	azure: {
		name: 'Azure OpenAI',
		url: '',
		isOwn: true,
		keyHeader: 'api-key',
		notice:
			'Base URL: the endpoint of your resource, e.g. https://my-resource.openai.azure.com. Model: the name of your deployment.',
	},
	deepseek: hosted('DeepSeek', 'https://api.deepseek.com/v1', 'platform.deepseek.com/api_keys'),
	gemini: hosted(
		'Google Gemini',
		'https://generativelanguage.googleapis.com/v1beta/openai',
		'aistudio.google.com/apikey',
	),
	groq: hosted('Groq', 'https://api.groq.com/openai/v1', 'console.groq.com/keys'),
	litellm: local('LiteLLM', 4000, 'It needs the master key or a virtual key.'),
	llamacpp: local('llama.cpp', 8080, 'It needs a key if started with --api-key.'),
	lmstudio: local('LM Studio', 1234, 'It needs no key. Start its server in the Developer tab.'),
	mistral: hosted('Mistral', 'https://api.mistral.ai/v1', 'console.mistral.ai'),
	ollama: local('Ollama', 11434, 'It needs no key. Pull a model first.'),
	openai: hosted('OpenAI', 'https://api.openai.com/v1', 'platform.openai.com/api-keys'),
	openrouter: hosted('OpenRouter', 'https://openrouter.ai/api/v1', 'openrouter.ai/settings/keys'),
	together: hosted('Together', 'https://api.together.xyz/v1', 'api.together.ai/settings/api-keys'),
	vllm: local('vLLM', 8000, 'It needs a key if started with --api-key.'),
	xai: hosted('xAI', 'https://api.x.ai/v1', 'console.x.ai'),
};

function hosted(name: string, url: string, keys: string): Service {
	const link = `<a href="https://${keys}" target="_blank">${keys}</a>`;
	return { name, url, notice: `Create an API key at ${link}.` };
}

function local(name: string, port: number, needs: string): Service {
	return {
		name,
		url: `http://localhost:${port}/v1`,
		isOwn: true,
		notice: `Expected at http://localhost:${port}. If n8n runs in Docker, enter http://host.docker.internal:${port}. ${needs}`,
	};
}

/**
 * Any other server, with the fields that the credential had before there were services. It is the default, because
 * n8n gives the default to credentials that were saved without this field.
 */
export const OTHER = 'other';

const ENTRIES = Object.entries(SERVICES);
const OWN = ENTRIES.filter(([, { isOwn }]) => isOwn).map(([value]) => value);

/** The choice of a service, and what it needs. */
export const serviceProperties: INodeProperties[] = [
	{
		displayName: 'Service',
		name: 'service',
		type: 'options',
		default: OTHER,
		options: [
			...ENTRIES.map(([value, { name }]) => ({ name, value })),
			{ name: 'Other', value: OTHER, description: 'Any other OpenAI-compatible server' },
		].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)),
		description: 'The service to call',
	},
	...ENTRIES.map(
		([service, { notice }]): INodeProperties => ({
			displayName: notice,
			name: `${service}Notice`,
			type: 'notice',
			default: '',
			displayOptions: { show: { service: [service] } },
		}),
	),
	{
		displayName: 'Base URL',
		name: 'serverUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. http://host.docker.internal:11434',
		description: 'Address of the server, with or without /v1',
		displayOptions: { show: { service: OWN } },
	},
];

/**
 * The service that a credential names; undefined for a server without one.
 * @throws ProviderError `refused` for an unknown one, which an expression may return
 */
export function serviceOf(credential: ICredentialDataDecryptedObject): Service | undefined {
	const value = credential['service'];
	if (!('service' in credential) || value === OTHER) return undefined;
	if (typeof value === 'string' && Object.hasOwn(SERVICES, value)) return SERVICES[value];
	throw refusal(
		`There is no service '${String(value)}'`,
		`Set 'Service' in the credential to one of: ${[...Object.keys(SERVICES), OTHER].join(', ')}.`,
	);
}

/**
 * The base URL that a credential leads to, as it is written.
 * @throws ProviderError `refused` for an unknown service
 */
export function writtenUrl(credential: ICredentialDataDecryptedObject): string {
	const service = serviceOf(credential);
	if (service === undefined) return text(credential['baseUrl']);
	return (service.isOwn === true && text(credential['serverUrl'])) || service.url;
}
