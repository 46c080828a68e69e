import type { INodeParameters } from 'n8n-workflow';

import { N8N_OPENAI } from '../../dev/n8n/Lab.mts';
import { MINIMAL_NODE } from '../minimalNode/place.mts';
import { node, type NodeOptions, type Recipe } from './node.mts';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const MODEL = 'gpt-4o-mini';
const PROMPT = '={{ $json.input }}';

const model = { __rl: true, mode: 'id', value: MODEL };

/** n8n's OpenAI node as it is when it is put on the canvas. */
export function openAiNode(): Recipe {
	const parameters: INodeParameters = {
		resource: 'text',
		operation: 'response',
		modelId: model,
		responses: { values: [{ type: 'text', role: 'user', content: PROMPT }] },
		options: {},
	};
	const options = { credential: N8N_OPENAI };
	return { nodes: [node(`${LANGCHAIN}.openAi`, 2.3, parameters, options)] };
}

/** n8n's OpenAI node with the file of each item beside the prompt. */
export function openAiNodeWithFile(): Recipe {
	const file = { type: 'file', fileType: 'base64', binaryPropertyName: 'data', role: 'user' };
	const parameters: INodeParameters = {
		resource: 'text',
		operation: 'response',
		modelId: model,
		responses: {
			values: [
				{ type: 'text', role: 'user', content: 'What is this?' },
				{ ...file, fileName: 'kites.pdf' },
			],
		},
		options: {},
	};
	const options = { credential: N8N_OPENAI };
	return { nodes: [node(`${LANGCHAIN}.openAi`, 2.3, parameters, options)] };
}

/** An HTTP Request that asks for a chat; without a batching it sends all at once. */
export function httpRequest(
	serviceUrl: string,
	batch?: { batchSize: number; batchInterval: number },
): Recipe {
	const body = `={{ { model: '${MODEL}', messages: [{ role: 'user', content: $json.input }] } }}`;
	const options = batch === undefined ? {} : { batching: { batch } };
	const url = `${serviceUrl}/v1/chat/completions`;
	return { nodes: [posting(url, body, options)] };
}

/** HTTP Requests that ask for an image and fetch it as a file. */
export function httpPicture(serviceUrl: string): Recipe {
	const body = `={{ { model: 'dall-e-3', prompt: $json.input } }}`;
	const ask = posting(`${serviceUrl}/v1/images/generations`, body, {});
	const parameters: INodeParameters = {
		url: '={{ $json.data[0].url }}',
		options: { response: { response: { responseFormat: 'file' } } },
	};
	const fetching = node('n8n-nodes-base.httpRequest', 4.5, parameters, { name: 'Fetch' });
	return { nodes: [ask, fetching] };
}

/** Basic LLM Chain with OpenAI Chat Model. */
export function llmChain(): Recipe {
	const parameters: INodeParameters = { promptType: 'define', text: PROMPT };
	return {
		nodes: [node(`${LANGCHAIN}.chainLlm`, 1.9, parameters)],
		model: chatModel(),
	};
}

/** AI Agent with OpenAI Chat Model; it streams behind a webhook that does. */
export function agent(): Recipe {
	const parameters: INodeParameters = { promptType: 'define', text: PROMPT, options: {} };
	return {
		nodes: [node(`${LANGCHAIN}.agent`, 3.1, parameters)],
		model: chatModel(),
	};
}

export interface MinimalOptions {
	credential: string;
	url: string;
	parallel: number;
	/** Whether the helper is given the credential, instead of reading it for each item. */
	giveCredential: boolean;
}

/** The minimal node, for the same request as AiChats sends with that credential. */
export function minimal({ credential, ...options }: MinimalOptions): Recipe {
	const parameters = { credentialType: credential, prompt: PROMPT, ...options };
	return { nodes: [node(MINIMAL_NODE, 1, parameters, { credential })] };
}

/** A node that answers without asking anybody. */
export function saying(words: string): Recipe {
	return { nodes: [node(MINIMAL_NODE, 1, { words })] };
}

/** The same after a node that stores a PDF of so many MB as the item says. */
export function afterPdf(recipe: Recipe): Recipe {
	const parameters = { megabytes: '={{ $json.input }}' };
	return { ...recipe, before: [node(MINIMAL_NODE, 1, parameters, { name: 'File' })] };
}

/** A node that does nothing. */
export function nothing(): Recipe {
	return { nodes: [node('n8n-nodes-base.noOp', 1, {})] };
}

/** The stand-in streams no responses, so it is asked for chat completions. */
function chatModel() {
	const options: NodeOptions = { name: 'Model', credential: N8N_OPENAI };
	const parameters = { model, responsesApiEnabled: false, options: {} };
	return node(`${LANGCHAIN}.lmChatOpenAi`, 1.3, parameters, options);
}

function posting(url: string, jsonBody: string, options: object) {
	const parameters = {
		method: 'POST',
		url,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: N8N_OPENAI,
		sendBody: true,
		specifyBody: 'json',
		jsonBody,
		options,
	} as INodeParameters;
	return node('n8n-nodes-base.httpRequest', 4.5, parameters, {
		credential: N8N_OPENAI,
	});
}
