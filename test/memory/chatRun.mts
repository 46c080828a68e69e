/**
 * Runs Chat with files of n8n's binary storage attached, in a process of its own, and prints, as JSON, by how much the
 * process's memory rose from when the files were stored. Arguments: base URL of a service; the files as JSON (see
 * `Files`); the binary data mode; then `collecting` or nothing. Needs --expose-gc.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { createEngine } from '../../dev/engine/index.mts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { NODE, node, oneNode } from '../engine/support.mts';
import { settle, watchMemory } from './watchMemory.mts';

/** Which files, one for each item. */
export interface Files {
	count: number;
	/** Of each, in bytes. */
	size: number;
	/** What each begins with, in Latin-1. */
	signature: string;
}

const PIECE = 64 * 1024;
const hashes: string[] = [];

function* contentOf({ size, signature }: Files, number: number): Generator<Buffer> {
	const hash = createHash('sha256');
	const piece = Buffer.alloc(PIECE, `${number} of no meaning, `);
	for (let start = 0; start < size; start += PIECE) {
		const bytes = Buffer.from(piece.subarray(0, Math.min(PIECE, size - start)));
		if (start === 0) bytes.write(signature, 'latin1');
		hash.update(bytes);
		yield bytes;
	}
	hashes[number] = hash.digest('hex');
}

class FilesNode implements INodeType {
	description = {
		displayName: 'Files',
		name: 'files',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Files' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Files', name: 'files', type: 'string', default: '' }],
	} as INodeTypeDescription;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const files = JSON.parse(this.getNodeParameter('files', 0) as string) as Files;
		const items: INodeExecutionData[] = [];
		for (let number = 0; number < files.count; number++) {
			const content = Readable.from(contentOf(files, number));
			const data = await this.helpers.prepareBinaryData(content, `${number}`, 'text/plain');
			items.push({ json: {}, binary: { data } });
		}
		return [items];
	}
}

const [baseUrl = '', files = '', binaryDataMode = '', mode = ''] = process.argv.slice(2);
const data = { baseUrl };
const engine = await createEngine({
	package: {
		name: 'n8n-nodes-aichats',
		nodes: [AiChats],
		credentials: [AiChatsOpenAiCompatibleApi],
	},
	nodeTypes: { 'test.files': new FilesNode() },
	credentials: { aiChatsOpenAiCompatibleApi: { type: 'aiChatsOpenAiCompatibleApi', data } },
	binaryDataMode: binaryDataMode === 'filesystem' ? 'filesystem' : 'default',
});

async function ask(wanted: Files) {
	const workflow = oneNode({
		operation: 'chat',
		provider: 'openAiCompatible',
		model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' },
		prompt: 'What is this?',
		options: { imageFields: '*', maxRetries: 0 },
	} as INodeParameters);
	workflow.nodes.push(node('Files', 'test.files', { files: JSON.stringify(wanted) }));
	workflow.connections = {
		Start: { main: [[{ node: 'Files', type: 'main', index: 0 }]] },
		Files: { main: [[{ node: NODE, type: 'main', index: 0 }]] },
	};
	let memory: ReturnType<typeof watchMemory> | undefined;
	const run = await engine.run(workflow, {
		onNodeFinished: async (name) => {
			if (name !== 'Files') return;
			await settle();
			memory = watchMemory(mode === 'collecting');
		},
	});
	const figures = memory?.stop();
	if (run.status !== 'success' || figures === undefined) throw run.error ?? new Error(run.status);
	const texts = run.items(NODE).map(({ json }) => String(json['text']));
	return { ...figures, texts };
}

/** What the process tells about its run, in bytes. */
export interface ChatRun {
	before: number;
	peak: number;
	/** What came with the answers that was sent byte for byte; images are only weighed. */
	arrived: number;
}

const wanted = JSON.parse(files) as Files;
for (let round = 0; round < 3; round++) await ask({ ...wanted, count: 1, size: 100_000 });
const { texts, before, peak } = await ask(wanted);
const arrived = texts.filter(
	(text, number) =>
		text.includes(` of ${wanted.size} bytes`) &&
		(!text.includes('SHA-256') || text.includes(hashes[number] ?? 'none')),
).length;
await engine.close();
console.log(JSON.stringify({ before, peak, arrived } satisfies ChatRun));
