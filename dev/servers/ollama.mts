import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedInstall } from '../n8n/installation.mts';
import { runCommand } from '../n8n/processes.mts';
import { type Endpoint, NotObtainable, type ServerRecipe, startOnPort } from './recipe.mts';
import { chatTemplate } from './templates.mts';
import { type Habit, SCRIPTS, writeTinyModel } from './tinyModel.mts';

/** The last version whose Go module holds all of its inference code; later ones fetch it with CMake. */
const VERSION = '0.24.0';
const MODULE = `github.com/ollama/ollama@v${VERSION}`;

/** The template (Go) that does what templates/chat.jinja does. */
const THINKING = '{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}';
const TEMPLATE = `{{- if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{- if .Tools }}<|im_start|>system
Tools:
{{ range .Tools }}{{ .Function }}
{{ end }}Call one like this:
<tool_call>{"name": "tool", "arguments": {}}</tool_call><|im_end|>
{{ end }}{{- range .Messages }}{{ if eq .Role "user" }}<|im_start|>user
{{ .Content }}<|im_end|>
{{ else if eq .Role "assistant" }}<|im_start|>assistant
{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ if .ToolCalls }}{{ range .ToolCalls }}
<tool_call>{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}</tool_call>{{ end }}{{ end }}<|im_end|>
{{ else if eq .Role "tool" }}<|im_start|>user
<tool_response>
{{ .Content }}
</tool_response><|im_end|>
{{ end }}{{ end }}<|im_start|>assistant
`;
/** Ollama, built from its Go module. */
export const ollama: ServerRecipe = {
	name: 'ollama',
	label: 'Ollama',
	needs: 'Go, a C++ compiler, Debian’s `nlohmann-json3-dev` and `libstb-dev`, pip',
	async start(folder, onLine) {
		const program = await obtainOllama(onLine);
		const environment = (port: number) => ({
			OLLAMA_HOST: `127.0.0.1:${port}`,
			OLLAMA_MODELS: path.join(folder, 'ollama-models'),
			OLLAMA_NUM_PARALLEL: '2',
			OLLAMA_MAX_LOADED_MODELS: '4',
			HOME: folder,
		});
		const { process: server, url } = await startOnPort({
			name: 'ollama',
			program,
			folder,
			logFile: path.join(folder, 'ollama.log'),
			health: '/api/version',
			parameters: () => ['serve'],
			environment,
		});
		const env = { ...process.env, ...environment(Number(new URL(url).port)) };
		const { version } = (await (await fetch(`${url}/api/version`)).json()) as { version: string };
		const made = new Map<Habit, Promise<Endpoint>>();
		const make = async (habit: Habit): Promise<Endpoint> => {
			const model = await createModel(program, env, folder, habit);
			return { baseUrl: `${url}/v1`, apiKey: '', model, kill: () => server.kill() };
		};
		return {
			// A build without its release script calls itself 0.0.0.
			version: version === '0.0.0' ? VERSION : version,
			async endpoint(habit) {
				if (!made.has(habit)) made.set(habit, make(habit));
				return await made.get(habit)!;
			},
			close: async () => await server.stop(),
		};
	},
};

async function createModel(
	program: string,
	env: NodeJS.ProcessEnv,
	folder: string,
	habit: Habit,
): Promise<string> {
	const name = habit.replaceAll(' ', '-');
	const model = path.join(folder, `ollama-${name}.gguf`);
	// It has no grammar for tools, and looks for its own tags: only a scripted model can write them.
	await writeTinyModel(model, await chatTemplate(habit), habit, SCRIPTS[habit]);
	// A server that finds thinking in a template expects every answer to begin with it.
	const template = habit === 'thinks' ? TEMPLATE : TEMPLATE.replace(THINKING, '');
	const context = habit === 'never ends' ? 400_000 : 2048;
	const lines = [
		`FROM ${model}`,
		`TEMPLATE """${template}"""`,
		`PARAMETER num_ctx ${context}`,
		'PARAMETER stop <|im_end|>',
		'PARAMETER stop <|im_start|>',
		'PARAMETER num_thread 1',
	];
	const file = path.join(folder, `Modelfile-${name}`);
	await writeFile(file, lines.join('\n'));
	await runCommand(program, ['create', name, '-f', file], { env });
	return `${name}:latest`;
}

/** @returns the program. @throws NotObtainable where it cannot be built */
async function obtainOllama(onLine: (line: string) => void): Promise<string> {
	const folder = await cachedInstall(`ollama-${VERSION}`, async (directory) => {
		onLine(`Building Ollama ${VERSION}: 10 to 30 minutes, once ...`);
		try {
			const headers = await missingHeaders(directory);
			const flags = `-O2 -g0 -I${headers}`;
			const env = { ...process.env, CGO_CFLAGS: flags, CGO_CXXFLAGS: flags, GOBIN: directory };
			await runCommand('go', ['install', MODULE], { env });
		} catch (error) {
			throw new NotObtainable(`Ollama: ${(error as Error).message.slice(-400)}`);
		}
	});
	return path.join(folder, 'ollama');
}

/** A Go module leaves out folders called `vendor`: one header that Debian lacks comes from a Python package. */
async function missingHeaders(directory: string): Promise<string> {
	const download = path.join(directory, 'download');
	const include = path.join(directory, 'include');
	await mkdir(path.join(include, 'miniaudio'), { recursive: true });
	await mkdir(download);
	const options = ['--quiet', '--no-deps', '--no-binary', 'miniaudio', '-d', download];
	await runCommand('python3', ['-m', 'pip', 'download', ...options, 'miniaudio==1.71']);
	await runCommand('tar', ['-xzf', path.join(download, 'miniaudio-1.71.tar.gz'), '-C', download]);
	const header = path.join(download, 'miniaudio-1.71/miniaudio/miniaudio.h');
	await rename(header, path.join(include, 'miniaudio/miniaudio.h'));
	await rm(download, { recursive: true });
	return include;
}
