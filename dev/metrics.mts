/**
 * Counts that tell how easy the package is to read: its files, what a token of a streamed answer passes
 * through, and what a contributor installs. Prints a table of Markdown.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import ts from 'typescript';

import { createEngine } from './engine/index.mts';
import { trackedFiles } from './trackedFiles.mts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SHIPPED = /^(credentials|nodes|providers|transport)\/.*(?<!\.test)\.ts$/;
/** Below this many lines a file should have more than one importer. */
const SMALL = 60;
/** Until a token has passed through all, in ms: far longer than it takes, on a busy machine too. */
const SETTLED = 1500;
const TOKENS_BEFORE = 20;
const NODE = 'AiChats';

interface Source {
	file: string;
	lines: number;
	/** Shipped files that it imports or re-exports from, for types alone included. */
	imports: string[];
}

async function readSources(): Promise<Source[]> {
	const files = (await trackedFiles(ROOT, '*.ts')).filter((file) => SHIPPED.test(file));
	const known = new Set(files);
	return files.map((file) => {
		const text = readFileSync(path.join(ROOT, file), 'utf8');
		const imports = ts
			.preProcessFile(text)
			.importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
			.map(({ fileName }) => path.posix.join(path.posix.dirname(file), fileName))
			.map((name) => [name, `${name}.ts`, `${name}/index.ts`].find((found) => known.has(found)))
			.filter((name) => name !== undefined);
		return { file, lines: text.trimEnd().split('\n').length, imports: [...new Set(imports)] };
	});
}

/** Small files that one other file imports, or none; what n8n loads by itself is left out. */
function smallWithOneImporter(sources: Source[]): string[] {
	return sources
		.filter(({ file, lines }) => lines < SMALL && !/\.(node|credentials)\.ts$/.test(file))
		.map(({ file, lines }) => ({
			file,
			lines,
			importers: sources.filter(({ imports }) => imports.includes(file)),
		}))
		.filter(({ importers }) => importers.length <= 1)
		.map(({ file, lines, importers }) => `${file} (${lines}) < ${importers[0]?.file ?? 'nobody'}`);
}

/** Groups of files that import each other, directly or not. */
function cycles(sources: Source[]): string[][] {
	const reach = new Map(sources.map(({ file }) => [file, new Set<string>()]));
	const importsOf = new Map(sources.map(({ file, imports }) => [file, imports]));
	for (const [file, reached] of reach) {
		const waiting = [...(importsOf.get(file) ?? [])];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			if (reached.has(next)) continue;
			reached.add(next);
			waiting.push(...(importsOf.get(next) ?? []));
		}
	}
	const groups = new Set<string>();
	for (const [file, reached] of reach) {
		if (!reached.has(file)) continue;
		groups.add(
			[...reached]
				.filter((other) => reach.get(other)?.has(file))
				.sort()
				.join(' '),
		);
	}
	return [...groups].map((group) => group.split(' '));
}

/**
 * Shipped files with a function that was entered, or resumed, since this was last asked. V8 does not count
 * how often a `yield*` passes on: such a generator shows when it ends.
 */
class Crossed {
	private readonly session = new Session();

	async start(): Promise<void> {
		this.session.connect();
		await this.session.post('Profiler.enable');
		await this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
	}

	async take(): Promise<string[]> {
		const { result } = await this.session.post('Profiler.takePreciseCoverage');
		const files = result
			.filter(({ functions }) =>
				functions.some(({ functionName, ranges }) => {
					// A script's own code is no function of it: it ran when it was loaded.
					const isModule = functionName === '' && ranges[0]?.startOffset === 0;
					return !isModule && ranges.some(({ count }) => count > 0);
				}),
			)
			.map(({ url }) => url.replace(/^file:\/\//, '').replace(/\?.*$/, ''))
			.map((file) => path.relative(ROOT, file))
			.filter((file) => SHIPPED.test(file));
		return [...new Set(files)].sort();
	}
}

/** An OpenAI-compatible server that gives its streams into the caller's hands. */
async function startServer() {
	const streams: Array<(response: ServerResponse) => void> = [];
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		streams.shift()?.(response);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		nextStream: async () => await new Promise<ServerResponse>((resolve) => streams.push(resolve)),
		close: () => server.close(),
	};
}

function event(delta: object, finish: string | null = null): string {
	const choices = [{ index: 0, delta, finish_reason: finish }];
	return `data: ${JSON.stringify({ id: 'a', object: 'chat.completion.chunk', choices })}\n\n`;
}

function workflow() {
	const node = (name: string, type: string, parameters: object) =>
		({ id: name, name, type, typeVersion: 1, position: [0, 0], parameters }) as never;
	const type = 'aiChatsOpenAiCompatibleApi';
	const chat: object = node(NODE, 'n8n-nodes-aichats.aiChats', {
		provider: 'openAiCompatible',
		operation: 'chat',
		prompt: 'a kite',
		model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' },
	});
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			{ ...chat, credentials: { [type]: { id: type, name: type } } } as never,
		],
		connections: { Start: { main: [[{ node: NODE, type: 'main' as const, index: 0 }]] } },
	};
}

/**
 * One chat through n8n-core, whose server holds its stream: the files crossed by a single token in the
 * midst of it, and those from the first token to the item.
 */
async function filesCrossed(): Promise<{ token: string[]; toItem: string[] }> {
	const crossed = new Crossed();
	// Before the sources are loaded: only then are the resumptions of functions counted.
	await crossed.start();
	const { AiChats } = await import('../nodes/AiChats/AiChats.node.ts');
	const { AiChatsOpenAiCompatibleApi } = await import(
		'../credentials/AiChatsOpenAiCompatibleApi.credentials.ts'
	);
	const server = await startServer();
	const type = 'aiChatsOpenAiCompatibleApi';
	const engine = await createEngine({
		package: {
			name: 'n8n-nodes-aichats',
			nodes: [AiChats],
			credentials: [AiChatsOpenAiCompatibleApi],
		},
		credentials: { [type]: { type, data: { baseUrl: server.url } } },
	});
	try {
		const opening = server.nextStream();
		const running = engine.run(workflow());
		const stream = await opening;
		stream.write(event({ role: 'assistant', content: '' }));
		await pause(SETTLED);
		await crossed.take();
		for (let token = 0; token < TOKENS_BEFORE; token++) stream.write(event({ content: 'go ' }));
		await pause(SETTLED);
		const before = await crossed.take();
		stream.write(event({ content: 'on' }));
		await pause(SETTLED);
		const token = await crossed.take();
		stream.end(`${event({}, 'stop')}data: [DONE]\n\n`);
		const text = JSON.stringify((await running).items(NODE)[0]?.json);
		if (!text.includes('go on')) throw new Error(`Not the answer that was sent: ${text}`);
		const after = await crossed.take();
		return { token, toItem: [...new Set([...before, ...token, ...after])].sort() };
	} finally {
		await engine.close();
		server.close();
	}
}

/** Packages of the lock that `npm ci` installs here: not those for other systems. */
function installedPackages(): number {
	interface Locked {
		os?: string[];
		cpu?: string[];
		libc?: string[];
	}
	const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, Locked>;
	};
	const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
	const libc = report.header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
	const fits = (wanted: string[] | undefined, own: string) =>
		wanted === undefined ||
		(!wanted.includes(`!${own}`) &&
			(wanted.includes(own) || wanted.every((name) => name.startsWith('!'))));
	return Object.entries(packages).filter(
		([folder, { os, cpu, ...locked }]) =>
			folder !== '' &&
			fits(os, process.platform) &&
			fits(cpu, process.arch) &&
			(process.platform !== 'linux' || fits(locked.libc, libc)),
	).length;
}

const sources = await readSources();
const byLines = sources.toSorted((a, b) => a.lines - b.lines);
const largest = byLines.at(-1);
const small = smallWithOneImporter(sources);
const { token, toItem } = await filesCrossed();
const rows: Array<[string, string | number]> = [
	['Shipped files', sources.length],
	['Shipped lines', sources.reduce((sum, { lines }) => sum + lines, 0)],
	['Lines of the median file', byLines[Math.floor(byLines.length / 2)]?.lines ?? 0],
	['Lines of the largest file', `${largest?.lines} (${largest?.file})`],
	[`Files under ${SMALL} lines with at most one importer`, small.length],
	['Import cycles, types included', cycles(sources).length],
	['Files crossed by a token within a streamed chat answer', token.length],
	['Files crossed from the first token to the item', toItem.length],
	['Packages that npm ci installs here', installedPackages()],
];
console.log('| Measure | Value |\n| --- | --- |');
for (const [measure, value] of rows) console.log(`| ${measure} | ${value} |`);
const lists = { 'Small files < importer': small, 'A token crosses': token, 'To the item': toItem };
for (const [title, list] of Object.entries(lists)) console.log(`\n${title}:\n${list.join('\n')}`);
for (const cycle of cycles(sources)) console.log(`\nCycle: ${cycle.join(', ')}`);
