import path from 'node:path';

import { pythonWith } from './python.mts';
import { onePerHabit, type ServerRecipe, type StartedServer, startOnPort } from './recipe.mts';
import { chatTemplate } from './templates.mts';
import { type Habit, SCRIPTS, writeTinyModel } from './tinyModel.mts';

const VERSION = '0.3.36';
const API_KEY = 'tiny-key-of-this-run';

/** llama-cpp-python's server, which knows only `max_tokens`. pip builds it from its source package. */
export const llamaCppPython: ServerRecipe = {
	name: 'llama-cpp-python',
	label: 'llama-cpp-python',
	needs: 'Python, CMake and a C++ compiler',
	async start(folder, onLine) {
		onLine(`llama-cpp-python ${VERSION}: built on first use, 15 to 30 minutes`);
		const python = await pythonWith(
			`llama-cpp-python-${VERSION}`,
			[`llama-cpp-python[server]==${VERSION}`],
			{ CMAKE_ARGS: '-DGGML_NATIVE=OFF' },
		);
		return onePerHabit(VERSION, (habit) => startServer(python, folder, habit));
	},
};

async function startServer(python: string, folder: string, habit: Habit): Promise<StartedServer> {
	const name = habit.replaceAll(' ', '-');
	const model = path.join(folder, `python-${name}.gguf`);
	// Without seeds for tools and with no eye for thinking: only a scripted model writes either of them.
	await writeTinyModel(model, await chatTemplate('answers'), habit, SCRIPTS[habit]);
	const context = habit === 'never ends' ? 200_000 : 2048;
	const { process, url } = await startOnPort({
		name: 'llama-cpp-python',
		program: python,
		folder,
		logFile: `${model}.log`,
		health: '/docs',
		parameters: (port) => [
			...['-m', 'llama_cpp.server', '--model', model, '--model_alias', name],
			...['--host', '127.0.0.1', '--port', String(port), '--api_key', API_KEY],
			...['--n_ctx', String(context), '--n_threads', '1'],
		],
	});
	return {
		endpoint: {
			baseUrl: `${url}/v1`,
			apiKey: API_KEY,
			model: name,
			kill: () => process.kill(),
		},
		stop: async () => await process.stop(),
	};
}
