import type { IDataObject } from 'n8n-workflow';

import type { Example } from '../../../dev/examples.mts';
import type { Lab } from '../../../dev/n8n/Lab.mts';
import { nodeOf } from './nodes.mts';

interface ChatRequest {
	messages: Array<{ role: string; content: string | object[] }>;
	response_format?: { json_schema: { schema: IDataObject } };
}

/** What the service was asked in the words of OpenAI, oldest first. */
export function chatRequests({ service }: Lab): ChatRequest[] {
	const chats = service.requests.filter(({ path }) => path.endsWith('/chat/completions'));
	return chats.map(({ body }) => body as ChatRequest);
}

/** The JSON Schema in a node of the example. */
export function schemaOf(example: Example, nodeName: string): IDataObject {
	return JSON.parse(String(nodeOf(example, nodeName).parameters['jsonSchema'])) as IDataObject;
}
