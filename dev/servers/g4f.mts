import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { obtainLlamaServer, startLlamaServer } from './llamaCpp.mts';
import { pythonWith } from './python.mts';
import {
	inFrontOf,
	onePerHabit,
	type ServerRecipe,
	type StartedServer,
	startOnPort,
} from './recipe.mts';
import { type Habit, SCRIPTS } from './tinyModel.mts';

const VERSION = '8.8.6';

/**
 * Its own list of providers is on a web site: without it, every name leads to the server behind. It must be
 * set before the package's providers are imported.
 */
const STARTER = `import sys
from g4f.client.factory import AbstractClientFactory

port, upstream = int(sys.argv[1]), sys.argv[2]


class EveryProvider(dict):
    def __contains__(self, name):
        return True

    def __getitem__(self, name):
        return {"baseUrl": upstream}


AbstractClientFactory._live_providers = {"providers": EveryProvider(), "defaultModels": {}}

import g4f.Provider
from g4f.api import run_api

g4f.Provider.Custom.base_url = upstream
run_api(host="127.0.0.1", port=port)
`;

/** g4f's API in front of llama.cpp: its provider `Custom` asks any OpenAI-compatible server. */
export const g4f: ServerRecipe = {
	name: 'g4f',
	label: 'g4f API (provider `Custom`, llama.cpp behind it)',
	needs: 'Python, and what llama.cpp needs',
	async start(folder) {
		const llama = await obtainLlamaServer();
		const python = await pythonWith(`g4f-${VERSION}`, [`g4f[api]==${VERSION}`]);
		const starter = path.join(folder, 'start-g4f.py');
		await writeFile(starter, STARTER);
		return onePerHabit(VERSION, (habit) => startPair(python, starter, llama, folder, habit));
	},
};

async function startPair(
	python: string,
	starter: string,
	llama: string,
	folder: string,
	habit: Habit,
): Promise<StartedServer> {
	// It passes no seed on, so that a model that thinks at random may write its tags twice. The template opens the first.
	const script = habit === 'thinks' ? SCRIPTS[habit]?.slice(1) : undefined;
	const upstream = await startLlamaServer(llama, folder, habit, '', script);
	const { process, url } = await startOnPort({
		name: 'g4f',
		program: python,
		folder,
		logFile: path.join(folder, `g4f-${habit.replaceAll(' ', '-')}.log`),
		health: '/v1/models',
		parameters: (port) => [starter, String(port), upstream.endpoint.baseUrl],
		// It keeps caches and cookies in the home folder.
		environment: () => ({ HOME: folder }),
	});
	return inFrontOf(upstream, process, { baseUrl: `${url}/api/Custom`, apiKey: '' });
}
