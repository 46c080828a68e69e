import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IDataObject, INode, INodeTypeDescription } from 'n8n-workflow';
import { expect, onTestFinished } from 'vitest';

import { loadRuntime } from '../../dev/engine/runtime.mts';
import { type Example, withSettings } from '../../dev/examples.mts';
import type { Lab } from '../../dev/n8n/Lab.mts';
import type {
	Execution,
	N8nClient,
	SavedWorkflow,
	WorkflowDefinition,
} from '../../dev/n8n/N8nClient.mts';
import { startPlainServer } from '../chaos/plainServer.mts';
import { drawn } from '../engine/drawnImage.mts';
import { itemsOf, save } from './runs.mts';

/** @throws Error when the example has no node of this name */
export function nodeOf(example: Example, name: string): INode {
	const node = example.nodes.find((candidate) => candidate.name === name);
	if (node === undefined) throw new Error(`'${example.name}' has no node '${name}'`);
	return node;
}

/** The example with other settings of one node, or with other values in some of its parameters. */
export function withNode(example: Example, name: string, change: Partial<INode>): Example {
	const old = nodeOf(example, name);
	const parameters = { ...old.parameters, ...change.parameters };
	const nodes = example.nodes.map((node) =>
		node === old ? { ...old, ...change, parameters } : node,
	);
	return { ...example, nodes };
}

/** A server that takes forms, as a blog might. */
export async function startReceiver() {
	const forms: FormData[] = [];
	const server = await startPlainServer((request, response) => {
		void (async () => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			await once(request, 'end');
			const headers = { 'content-type': request.headers['content-type'] ?? '' };
			forms.push(await new Response(Buffer.concat(parts), { headers }).formData());
			response.writeHead(201, { 'content-type': 'application/json' });
			response.end('{"id":1}');
		})();
	});
	return { ...server, forms };
}

interface ChatRequest {
	messages: Array<{ role: string; content: string | object[] }>;
	response_format?: { json_schema: { schema: IDataObject } };
}

/** The requests in OpenAI's format that the service received, oldest first. */
export function chatRequests({ service }: Lab): ChatRequest[] {
	const chats = service.requests.filter(({ path }) => path.endsWith('/chat/completions'));
	return chats.map(({ body }) => body as ChatRequest);
}

/** The JSON Schema in a node of the example. */
export function schemaOf(example: Example, nodeName: string): IDataObject {
	return JSON.parse(String(nodeOf(example, nodeName).parameters['jsonSchema'])) as IDataObject;
}

/** A workflow whose trigger listens until the test ends. */
export async function publish(lab: Lab, definition: WorkflowDefinition): Promise<SavedWorkflow> {
	const saved = await save(lab, definition);
	await lab.client.activate(saved);
	onTestFinished(async () => await lab.client.deactivate(saved));
	return saved;
}

/** The URL of a published workflow's Webhook or Chat Trigger. */
export function addressOf(lab: Lab, { nodes }: WorkflowDefinition): string {
	const [trigger] = nodes.filter(({ webhookId }) => webhookId !== undefined);
	const isChat = trigger?.type.endsWith('.chatTrigger') === true;
	const place = isChat ? `${trigger.webhookId}/chat` : trigger?.parameters['path'];
	return `${lab.n8n.url}/webhook/${String(place)}`;
}

/** What the chat page sends. */
export function message(chatInput: string, sessionId = 'one') {
	return { action: 'sendMessage', sessionId, chatInput };
}

/** The same with a file, as the page sends it. */
export function messageWithFile(chatInput: string, file: File): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(message(chatInput))) form.append(name, value);
	form.append('files', file);
	return form;
}

/** The newest execution, when it has ended. */
export async function newest({ client }: Lab, { id }: SavedWorkflow): Promise<Execution> {
	const [found] = await client.executions(id);
	return await client.ended(String(found?.id));
}

type ScheduledPostRun = (workflow: Example, trigger: string) => Promise<Execution>;

const TRIGGER = 'Every morning';
const PUBLISHER = 'Publish it';
const POST = 'A post about herbs';

/** Runs the example as it is, then with its last node switched on. */
export async function expectScheduledPost(
	original: Example,
	folder: string,
	run: ScheduledPostRun,
): Promise<void> {
	const receiver = await startReceiver();
	onTestFinished(receiver.close);
	const values = { topics: '["herbs"]', folder, publishUrl: receiver.url };
	const example = withSettings(original, values);
	expect(nodeOf(example, PUBLISHER).disabled).toBe(true);
	await expectSaved(await run(example, TRIGGER), folder);
	expect(receiver.forms).toEqual([]);

	const execution = await run(withNode(example, PUBLISHER, { disabled: false }), TRIGGER);
	const file = await expectSaved(execution, folder);
	const { output } = itemsOf(execution, 'Write the post')[0]!.json;
	expect(output).toEqual({ title: POST, text: POST, hashtags: [POST], image: POST });
	const [form] = receiver.forms;
	expect(form?.get('title')).toBe(POST);
	expect(form?.get('text')).toBe(`${POST} ${POST}`);
	const image = form?.get('image') as File;
	expect(file.equals(Buffer.from(await image.arrayBuffer()))).toBe(true);
}

/** The image that the post asks for is in the folder. @returns it */
async function expectSaved(execution: Execution, folder: string): Promise<Buffer> {
	const { fileName } = itemsOf(execution, 'Save the image')[0]!.json;
	const name = String(fileName).slice(folder.length);
	expect(name).toMatch(/^\/\d{4}-\d\d-\d\d-A-post-about-herbs\.png$/);
	const file = await readFile(String(fileName));
	expect(file.equals(await drawn(POST, { width: 1024, height: 1024 }))).toBe(true);
	return file;
}

/** A node as the editor shows it. */
export interface OpenedNode {
	/** With defaults; what has no field, or whose field is not shown, is gone. */
	parameters: unknown;
	/** What is marked in red, or null. */
	issues: unknown;
}

/** What the editor makes of an imported node. */
export class Editor {
	private readonly helpers = loadRuntime().workflow.NodeHelpers;

	private constructor(private readonly types: readonly INodeTypeDescription[]) {}

	/** Knows what n8n has loaded. */
	static async open(client: N8nClient): Promise<Editor> {
		return new Editor((await client.types('nodes')) as INodeTypeDescription[]);
	}

	/** @throws Error for a type, or a version of it, that n8n does not have */
	show(node: INode): OpenedNode {
		const { type, typeVersion, parameters } = node;
		const description = this.types.find(
			({ name, version }) => name === type && [version].flat().includes(typeVersion),
		);
		if (description === undefined) throw new Error(`n8n has no ${type} ${typeVersion}`);
		const { properties } = description;
		const { getNodeParameters, getNodeParametersIssues } = this.helpers;
		const kept = getNodeParameters(properties, parameters, true, false, node, description);
		const shown = { ...node, parameters: kept ?? {} };
		return { parameters: kept, issues: getNodeParametersIssues(properties, shown, description) };
	}
}
