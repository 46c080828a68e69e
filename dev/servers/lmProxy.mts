import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { obtainLlamaServer, startLlamaServer } from './llamaCpp.mts';
import { pythonWith } from './python.mts';
import {
	type Endpoint,
	inFrontOf,
	onePerHabit,
	type ServerRecipe,
	type StartedServer,
	startOnPort,
} from './recipe.mts';
import { type Habit, SCRIPTS } from './tinyModel.mts';

const VERSION = '3.3.2';
const API_KEY = 'key-of-the-gateway';

/** LM-Proxy in front of llama.cpp: a gateway with keys of its own, which parses and writes every answer anew. */
export const lmProxy: ServerRecipe = {
	name: 'lm-proxy',
	label: 'LM-Proxy (gateway, llama.cpp behind it)',
	needs: 'Python, and what llama.cpp needs',
	async start(folder) {
		const llama = await obtainLlamaServer();
		const python = await pythonWith(`lm-proxy-${VERSION}`, [`lm-proxy==${VERSION}`]);
		return onePerHabit(VERSION, (habit) => startPair(python, llama, folder, habit));
	},
};

async function startPair(
	python: string,
	llama: string,
	folder: string,
	habit: Habit,
): Promise<StartedServer> {
	const upstream = await startLlamaServer(llama, folder, habit, undefined, scriptOf(habit));
	const config = path.join(folder, `lm-proxy-${habit.replaceAll(' ', '-')}.toml`);
	const { process, url } = await startOnPort({
		name: 'lm-proxy',
		program: python,
		folder,
		logFile: `${config}.log`,
		health: '/docs',
		prepare: async (port) => await writeFile(config, configuration(port, upstream.endpoint)),
		parameters: () => ['-m', 'lm_proxy', '--config', config],
	});
	return inFrontOf(upstream, process, { baseUrl: `${url}/v1`, apiKey: API_KEY });
}

/** It passes on neither calls nor thinking: only a scripted model shows that both were there. */
function scriptOf(habit: Habit): readonly string[] | undefined {
	return habit === 'thinks' ? SCRIPTS[habit]?.slice(1) : SCRIPTS[habit];
}

function configuration(port: number, { baseUrl, apiKey, model }: Endpoint): string {
	return `host = "127.0.0.1"
port = ${port}

[connections.llama]
api_type = "open_ai"
api_base = "${baseUrl}"
api_key = "${apiKey}"

[routing]
"${model}" = "llama.*"

[groups.default]
api_keys = ["${API_KEY}"]
`;
}
