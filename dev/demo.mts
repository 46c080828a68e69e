import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import type {
	ICredentialDataDecryptedObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	StructuredChunk,
} from 'n8n-workflow';

import { buildIfNeeded } from './build.mts';
import {
	createEngine,
	type EngineRun,
	type RunningExecution,
	type StoredCredential,
	type WorkflowJson,
} from './engine/index.mts';
import { startLocalService } from './service/index.mts';

export interface DemoOptions {
	provider: 'ai-chats' | 'openai-compatible';
	prompt: string;
	out: string;
	/** A real service instead of the local one. */
	baseUrl?: string;
	cookie?: string;
	apiKey?: string;
	model?: string;
	imageModel?: string;
	proxy?: string;
}

/** Reads the command line; prints the help or what is wrong, and exits in either case. */
export function readOptions(commandLine: string[]): DemoOptions {
	return new Command('npm run demo --')
		.description(
			"Runs examples/chat-and-image.json on n8n's own engine: a model writes an image prompt, another draws it. Without --base-url everything stays on this machine, on a stand-in service.",
		)
		.addOption(
			new Option('--provider <name>', 'the kind of service')
				.choices(['ai-chats', 'openai-compatible'])
				.default('ai-chats'),
		)
		.option('--prompt <text>', 'what to chat about and draw', 'a lighthouse at dusk')
		.option('--out <directory>', 'where to write the image', 'output')
		.option('--base-url <url>', 'a real service instead of the local one')
		.option('--cookie <cookie>', 'your own session cookie for an Ai-Chats service')
		.option('--api-key <key>', 'your key for an OpenAI-compatible server')
		.option('--model <id>', 'the model that chats, on an OpenAI-compatible server')
		.option('--image-model <id>', 'the model that draws there')
		.option('--proxy <url>', 'HTTP proxy, e.g. http://user:password@host:8080')
		.parse(commandLine)
		.opts<DemoOptions>();
}

/** Slow enough to watch the text arrive, in ms per fragment. */
const PACE = 25;

export interface DemoService {
	url: string;
	close(): Promise<void>;
}

/** The service that the user named, or the local stand-in. */
export async function openService({ baseUrl }: DemoOptions): Promise<DemoService> {
	if (baseUrl !== undefined) return { url: baseUrl, close: async () => undefined };
	return await startLocalService({ paceMilliseconds: PACE });
}

export const CHAT_NODE = 'Write an image prompt';
export const IMAGE_NODE = 'Draw it';

const OPENAI_CREDENTIAL = 'aiChatsOpenAiCompatibleApi';

/** The example workflow, its AiChats nodes set to the provider that the user chose. */
export async function readWorkflow(root: string, options: DemoOptions): Promise<WorkflowJson> {
	const file = path.join(root, 'examples', 'chat-and-image.json');
	const workflow = JSON.parse(await readFile(file, 'utf8')) as WorkflowJson;
	if (options.provider === 'ai-chats') return workflow;
	return { ...workflow, nodes: workflow.nodes.map((node) => openAiCompatible(node, options)) };
}

/** The credentials that the workflow's nodes refer to. */
export function credentialsFor(
	{ cookie = '', apiKey = '', proxy = '' }: DemoOptions,
	baseUrl: string,
): Record<string, StoredCredential> {
	const shared: ICredentialDataDecryptedObject = { baseUrl, proxyUrl: proxy };
	return {
		aichats: { type: 'aiChatsApi', data: { ...shared, sessionCookieSecret: cookie } },
		[OPENAI_CREDENTIAL]: { type: OPENAI_CREDENTIAL, data: { ...shared, apiKey } },
	};
}

function openAiCompatible(node: INode, { model, imageModel }: DemoOptions): INode {
	if (!node.type.endsWith('.aiChats')) return node;
	const draws = node.name === IMAGE_NODE;
	const id = (draws ? imageModel : model) ?? (draws ? 'gpt-image-2' : 'gpt-6-luna');
	const parameters: INodeParameters = {
		...node.parameters,
		provider: 'openAiCompatible',
		model: { __rl: true, mode: 'id', value: id },
	};
	const reference = { id: OPENAI_CREDENTIAL, name: 'AiChats OpenAI-Compatible account' };
	return { ...node, parameters, credentials: { [OPENAI_CREDENTIAL]: reference } };
}

/** What the demo shows while the workflow runs. */
export class Screen {
	private timer: NodeJS.Timeout | undefined;
	/** The number of fragments in which the text arrived. */
	fragments = 0;

	constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {}

	line(text: string): void {
		this.stream.write(`${text}\n`);
	}

	/** The answer as it streams. */
	chunk({ type, content }: StructuredChunk): void {
		if (type === 'item') {
			this.fragments++;
			this.stream.write(content ?? '');
		} else if (type === 'end') this.line('\n');
	}

	/** A running clock after a text; only the text if the stream is not a terminal. */
	startClock(text: string): void {
		const started = Date.now();
		if (!this.stream.isTTY) return this.line(`${text} ...`);
		const show = () => {
			const seconds = ((Date.now() - started) / 1000).toFixed(1);
			this.stream.write(`\r${text} ... ${seconds} s`);
		};
		show();
		this.timer = setInterval(show, 100);
	}

	stopClock(): void {
		if (this.timer === undefined) return;
		clearInterval(this.timer);
		this.timer = undefined;
		this.stream.write('\n');
	}
}

/** Writes an item's image into a directory. @returns the path of the file */
export async function saveImage(
	run: EngineRun,
	item: INodeExecutionData,
	directory: string,
): Promise<string> {
	const fileName = path.basename(item.binary?.['data']?.fileName ?? 'image');
	const target = path.resolve(directory, fileName);
	await mkdir(directory, { recursive: true });
	await pipeline(await run.binaryStream(item, 'data'), createWriteStream(target));
	return target;
}

/** Exit code of a program that was interrupted. */
const STOPPED = 130;
const ROOT = path.resolve(import.meta.dirname, '..');

const options = readOptions(process.argv);
const screen = new Screen();
let execution: RunningExecution | undefined;
let stopped = false;
process.on('SIGINT', stop);
process.exitCode = await demonstrate(options);

/** Ctrl-C: the workflow ends as by n8n's Stop button; a second one, or one before it runs, ends at once. */
function stop(): void {
	if (execution === undefined || stopped) process.exit(STOPPED);
	stopped = true;
	execution.cancel();
}

/** Runs the example workflow. @returns the process's exit code */
async function demonstrate(demo: DemoOptions): Promise<number> {
	screen.line('Building the package if its sources changed ...');
	await buildIfNeeded(ROOT);
	const service = await openService(demo);
	const engine = await createEngine({
		package: { directory: ROOT },
		credentials: credentialsFor(demo, service.url),
	});
	try {
		if (demo.baseUrl === undefined) {
			screen.line(`A local stand-in service answers at ${service.url}. It runs no model.`);
		}
		screen.line(`\nPrompt: ${demo.prompt}\n`);
		execution = engine.start(await readWorkflow(ROOT, demo), {
			input: [{ json: { topic: demo.prompt } }],
			onChunk: (chunk) => screen.chunk(chunk),
			onNodeFinished: (name, { error }) => {
				if (name === CHAT_NODE && error === undefined) screen.startClock('Drawing the image');
			},
		});
		const run = await execution.finished;
		screen.stopClock();
		return await report(run, demo);
	} finally {
		await engine.close();
		await service.close();
	}
}

async function report(run: EngineRun, demo: DemoOptions): Promise<number> {
	if (run.status === 'canceled') {
		screen.line('Stopped.');
		return STOPPED;
	}
	if (run.error !== undefined) {
		screen.line(`\n${run.error.message}`);
		if (run.error.description) screen.line(run.error.description);
		return 1;
	}
	for (const item of run.items(IMAGE_NODE)) {
		const { width, height, bytes, mimeType } = item.json;
		const file = await saveImage(run, item, demo.out);
		screen.line(`${mimeType}, ${width} x ${height}, ${bytes} bytes: ${file}`);
	}
	screen.line(`The text came in ${screen.fragments} fragments.`);
	return 0;
}
