import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { obtainLlamaServer, startLlamaServer } from './llamaCpp.mts';
import { pythonWith } from './python.mts';
import { type Endpoint, type ServerRecipe, startOnPort } from './recipe.mts';
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
		const running = new Map<Habit, ReturnType<typeof startPair>>();
		return {
			version: VERSION,
			async endpoint(habit) {
				const known = running.get(habit) ?? startPair(python, llama, folder, habit);
				running.set(habit, known);
				return (await known).endpoint;
			},
			async close() {
				const pairs = await Promise.allSettled(running.values());
				await Promise.all(
					pairs.map(async (pair) => pair.status === 'fulfilled' && pair.value.stop()),
				);
			},
		};
	},
};

async function startPair(
	python: string,
	llama: string,
	folder: string,
	habit: Habit,
): Promise<{ endpoint: Endpoint; stop(): Promise<void> }> {
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
	const { model, busy } = upstream.endpoint;
	return {
		endpoint: {
			baseUrl: `${url}/v1`,
			apiKey: API_KEY,
			model,
			...(busy === undefined ? {} : { busy }),
			kill: () => process.kill(),
		},
		async stop() {
			await process.stop();
			await upstream.stop();
		},
	};
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
