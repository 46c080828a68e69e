import type {
	IAdditionalCredentialOptions,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { Readable } from 'node:stream';

/** Bodies that ask for the same streamed answer as AiChats does, by credential type. */
const REQUESTS: Record<string, (prompt: string) => object> = {
	aiChatsApi: (prompt) => ({ type: 'chat', messagesHistory: [{ from: 'you', content: prompt }] }),
	aiChatsOpenAiCompatibleApi: (prompt) => ({
		model: 'gpt-4o-mini',
		messages: [{ role: 'user', content: prompt }],
		stream: true,
		stream_options: { include_usage: true },
	}),
};

const PIECE = Buffer.alloc(64 * 1024, 'of kites and the wind, ');
const FIRST_PIECE = Buffer.from(PIECE);
FIRST_PIECE.write('%PDF-1.7\n');

/**
 * The least that a node can do for a chat: n8n's own helper, once an item, and its answer as text. What
 * AiChats takes more than this is its own. The helper reads the credential for each item, unless it is
 * given it. With words of its own it asks nobody: what is left is n8n's. With a number of megabytes it stores a file of
 * that size, which begins as a PDF does.
 */
export class Minimal implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Minimal',
		name: 'minimal',
		group: ['transform'],
		version: 1,
		description: 'Asks for a chat with n8n’s HTTP helper, or says something, and nothing else',
		defaults: { name: 'Minimal' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: Object.keys(REQUESTS).map((name) => ({ name, required: false })),
		properties: [
			{ displayName: 'Credential', name: 'credentialType', type: 'string', default: '' },
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'Prompt', name: 'prompt', type: 'string', default: '' },
			{ displayName: 'Parallel', name: 'parallel', type: 'number', default: 10 },
			{ displayName: 'Words', name: 'words', type: 'string', default: '' },
			{ displayName: 'Megabytes', name: 'megabytes', type: 'number', default: 0 },
			{
				displayName: 'Give Credential',
				name: 'giveCredential',
				type: 'boolean',
				default: false,
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const words = this.getNodeParameter('words', 0) as string;
		if (words !== '') return await say(this, words);
		const megabytes = this.getNodeParameter('megabytes', 0) as number;
		if (megabytes > 0) return await store(this, megabytes);
		const count = this.getInputData().length;
		const credential = await given(this);
		const results: INodeExecutionData[] = [];
		let next = 0;
		const worker = async () => {
			while (next < count) {
				const item = next++;
				const text = await ask(this, item, credential);
				results[item] = { json: { text }, pairedItem: { item } };
			}
		};
		const parallel = this.getNodeParameter('parallel', 0) as number;
		await Promise.all(Array.from({ length: parallel }, worker));
		return [results];
	}
}

async function say(context: IExecuteFunctions, text: string): Promise<INodeExecutionData[][]> {
	await context.sendChunk('begin', 0);
	await context.sendChunk('item', 0, text);
	await context.sendChunk('end', 0);
	return [[{ json: { text } }]];
}

async function store(
	context: IExecuteFunctions,
	megabytes: number,
): Promise<INodeExecutionData[][]> {
	// The same piece again and again: what makes the file leaves no garbage.
	const pieces = Array.from({ length: megabytes * 16 }, () => PIECE);
	const content = Readable.from([FIRST_PIECE, ...pieces.slice(1)]);
	const data = await context.helpers.prepareBinaryData(content, 'kites.pdf', 'application/pdf');
	return [[{ json: {}, binary: { data } }]];
}

async function given(context: IExecuteFunctions): Promise<IAdditionalCredentialOptions> {
	if (context.getNodeParameter('giveCredential', 0) !== true) return {};
	const type = context.getNodeParameter('credentialType', 0) as string;
	const data = await context.getCredentials(type);
	return { credentialsDecrypted: { id: '', name: type, type, data } };
}

async function ask(
	context: IExecuteFunctions,
	item: number,
	credential: IAdditionalCredentialOptions,
): Promise<string> {
	const credentialType = context.getNodeParameter('credentialType', item) as string;
	const options: IHttpRequestOptions = {
		method: 'POST',
		url: context.getNodeParameter('url', item) as string,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(
			REQUESTS[credentialType]?.(context.getNodeParameter('prompt', item) as string),
		),
		encoding: 'text',
	};
	return (await context.helpers.httpRequestWithAuthentication.call(
		context,
		credentialType,
		options,
		credential,
	)) as string;
}
