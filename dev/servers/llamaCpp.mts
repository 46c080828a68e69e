import { access, chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedInstall } from '../n8n/installation.mts';
import { runCommand } from '../n8n/processes.mts';
import {
	NotObtainable,
	onePerHabit,
	type ServerRecipe,
	type StartedServer,
	startOnPort,
} from './recipe.mts';
import { chatTemplate } from './templates.mts';
import { type Habit, writeTinyModel } from './tinyModel.mts';

const API_KEY = 'tiny-key-of-this-run';
/** llama.cpp's server and what it needs, as Debian names them. */
const PACKAGES = [
	'llama.cpp-tools',
	'libllama0',
	'libggml0',
	'libc6',
	'libgcc-s1',
	'libstdc++6',
	'libgomp1',
	'libssl3t64',
	'zlib1g',
	'libzstd1',
];
const SUITE = 'sid';
/** More than an answer can fill while a check runs. */
const CONTEXT: Record<Habit, number> = {
	answers: 2048,
	'calls tools': 2048,
	thinks: 2048,
	'never ends': 400_000,
};

/** `llama-server`, unpacked from Debian's packages into the cache folder: nothing is installed. */
export const llamaCpp: ServerRecipe = {
	name: 'llama.cpp',
	label: 'llama.cpp `llama-server`',
	needs: 'apt and its package lists',
	async start(folder) {
		const program = await obtainLlamaServer();
		// It prints its version as an error.
		const version = readVersion(await runCommand('sh', ['-c', '"$0" --version 2>&1', program]));
		return onePerHabit(version, (habit) => startLlamaServer(program, folder, habit));
	},
};

/**
 * Also the server behind others.
 * @param script what the model writes to every prompt, where chance would not do
 */
export async function startLlamaServer(
	program: string,
	folder: string,
	habit: Habit,
	apiKey = API_KEY,
	script: readonly string[] = [],
): Promise<StartedServer> {
	const model = path.join(folder, `${habit.replaceAll(' ', '-')}.gguf`);
	await writeTinyModel(model, await chatTemplate(habit), habit, script);
	const key = apiKey === '' ? [] : ['--api-key', apiKey];
	const { process, url } = await startOnPort({
		name: 'llama-server',
		program,
		folder,
		logFile: `${model}.log`,
		health: '/health',
		parameters: (port) => [
			...['-m', model, '--host', '127.0.0.1', '--port', String(port), '--jinja', '--slots'],
			...['-t', '1', '-np', '2', '-c', String(CONTEXT[habit] * 2), ...key],
			...['--alias', path.basename(model)],
		],
	});
	const headers = { authorization: `Bearer ${apiKey}` };
	const busy = async () => {
		const slots = (await (await fetch(`${url}/slots`, { headers })).json()) as Slot[];
		return slots.filter(({ is_processing }) => is_processing).length;
	};
	const kill = () => process.kill();
	return {
		endpoint: { baseUrl: `${url}/v1`, apiKey, model: path.basename(model), busy, kill },
		stop: async () => await process.stop(),
	};
}

interface Slot {
	is_processing: boolean;
}

function readVersion(output: string): string {
	return /version: (\S+ \(build \d+)/.exec(output)?.[1]?.concat(')') ?? 'unknown';
}

/** @returns the program. @throws NotObtainable on a machine without Debian's packages */
export async function obtainLlamaServer(): Promise<string> {
	const folder = await cachedInstall(`llama.cpp-${SUITE}`, async (directory) => {
		await downloadPackages(directory).catch((error: Error) => {
			throw new NotObtainable(`llama.cpp needs Debian's packages: ${error.message.slice(0, 300)}`);
		});
		await writeStarter(directory);
	});
	return path.join(folder, 'llama-server');
}

/** With apt settings of its own, so that the system's stay as they are. */
async function downloadPackages(directory: string): Promise<void> {
	const apt = path.join(directory, 'apt');
	for (const name of ['preferences.d', 'state/lists/partial', 'cache/archives/partial']) {
		await mkdir(path.join(apt, name), { recursive: true });
	}
	await writeFile(path.join(apt, 'state/status'), '');
	const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
	await access(keyring);
	const source = `deb [signed-by=${keyring}] ${await debianMirror()} ${SUITE} main\n`;
	await writeFile(path.join(apt, 'sources.list'), source);
	const settings = {
		'Dir::Etc::sourcelist': `${apt}/sources.list`,
		'Dir::Etc::sourceparts': '-',
		'Dir::Etc::preferencesparts': `${apt}/preferences.d`,
		'Dir::State': `${apt}/state`,
		'Dir::State::status': `${apt}/state/status`,
		'Dir::Cache': `${apt}/cache`,
		'APT::Architecture': 'amd64',
	};
	const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
	await writeFile(path.join(apt, 'apt.conf'), lines.join(''));
	const env = { ...process.env, APT_CONFIG: path.join(apt, 'apt.conf') };
	await runCommand('apt-get', ['update', '-qq'], { env });
	const packages = path.join(directory, 'packages');
	await mkdir(packages);
	await runCommand('apt-get', ['download', '-qq', ...PACKAGES], { env, cwd: packages });
	for (const name of await readdir(packages)) {
		const file = path.join(packages, name);
		await runCommand('dpkg-deb', ['-x', file, path.join(directory, 'root')]);
	}
}

/** The mirror that this machine already uses for Debian. */
async function debianMirror(): Promise<string> {
	const folder = '/etc/apt/sources.list.d';
	const names = await readdir(folder).catch(() => []);
	const files = ['/etc/apt/sources.list', ...names.map((name) => path.join(folder, name))];
	const texts = await Promise.all(
		files.map(async (file) => await readFile(file, 'utf8').catch(() => '')),
	);
	const mirror = /https?:\/\/\S+\/debian\/?(?=\s|$)/m.exec(texts.join('\n'))?.[0];
	if (mirror === undefined) throw new Error('no Debian mirror is configured');
	return mirror;
}

/** Its own C library and loader come along, so it runs on older systems too. */
async function writeStarter(directory: string): Promise<void> {
	const file = path.join(directory, 'llama-server');
	const script = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
lib=$root/usr/lib/x86_64-linux-gnu
cpu=haswell
grep -qw avx2 /proc/cpuinfo || cpu=x64
export GGML_BACKEND_PATH="$lib/ggml/backends0/libggml-cpu-$cpu.so"
exec "$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$lib:$lib/llama" "$root/usr/bin/llama-server" "$@"
`;
	await writeFile(file, script);
	await chmod(file, 0o755);
}
