import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { cachedInstall, npm, type OnLine, Recipe } from '../installation.mts';
import { BackgroundProcess, freePort, runCommand } from '../processes.mts';

/** The only account of a registry that is on loopback and removed afterwards. */
export const PUBLISHER = { name: 'publisher', password: 'Aichats-on-loopback-1' };

/** Settings for Verdaccio. Without uplinks it asks no other registry for packages that it does not have. */
export const CONFIGURATION = {
	storage: './storage',
	auth: { htpasswd: { file: './htpasswd' } },
	uplinks: {},
	packages: { '**': { access: '$all', publish: '$authenticated' } },
	web: { enable: false },
	log: { type: 'stdout', format: 'pretty', level: 'http' },
};

const RECIPE = new Recipe(import.meta.dirname);
/** How long it may take to answer after its start, in ms. */
const MAX_START_TIME = 60_000;

export interface RegistryOptions {
	/** Where its clients find it, if not at its own address; it names packages' files accordingly. */
	publicUrl?: string;
	/** Receives progress messages, one line each. */
	onLine?: OnLine;
}

/** An npm registry on loopback that knows only what is published to it. */
export class LocalRegistry {
	private constructor(
		readonly url: string,
		private readonly folder: string,
		private readonly server: BackgroundProcess,
	) {}

	/** @throws Error with its log when it does not start */
	static async start(options: RegistryOptions = {}): Promise<LocalRegistry> {
		const program = await installVerdaccio(options.onLine);
		const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-registry-'));
		const url = `http://127.0.0.1:${await freePort()}`;
		await writeFile(path.join(folder, 'config.yaml'), JSON.stringify(CONFIGURATION));
		const server = new BackgroundProcess({
			name: 'Verdaccio',
			program: process.execPath,
			parameters: [program, '--config', 'config.yaml', '--listen', url],
			folder,
			environment: { ...process.env, VERDACCIO_PUBLIC_URL: options.publicUrl ?? url },
			logFile: path.join(folder, 'verdaccio.log'),
		});
		const registry = new LocalRegistry(url, folder, server);
		try {
			await server.ready(async () => await answers(url), MAX_START_TIME);
			await registry.addPublisher();
			return registry;
		} catch (error) {
			await registry.close();
			throw error;
		}
	}

	/** Publishes a tarball, or a folder as it is. @throws Error with npm's output if it is refused */
	async publish(tarballOrFolder: string): Promise<void> {
		await runCommand('npm', [
			'publish',
			tarballOrFolder,
			'--ignore-scripts',
			`--registry=${this.url}`,
			`--userconfig=${this.npmrc}`,
			`--cache=${path.join(this.folder, 'npm-cache')}`,
		]);
	}

	async close(): Promise<void> {
		await this.server.stop();
		await rm(this.folder, { recursive: true, force: true });
	}

	private get npmrc(): string {
		return path.join(this.folder, 'npmrc');
	}

	private async addPublisher(): Promise<void> {
		const response = await fetch(`${this.url}/-/user/org.couchdb.user:${PUBLISHER.name}`, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(PUBLISHER),
		});
		const { token } = (await response.json()) as { token: string };
		await writeFile(this.npmrc, `//${new URL(this.url).host}/:_authToken=${token}\n`);
	}
}

/** @returns the program to start with Node.js */
async function installVerdaccio(onLine: OnLine = () => undefined): Promise<string> {
	const name = `verdaccio-${await RECIPE.version('verdaccio')}-${await RECIPE.fingerprint()}`;
	const directory = await cachedInstall(name, async (folder) => {
		onLine('Installing Verdaccio: about 65 MB, once ...');
		await RECIPE.copyTo(folder);
		await npm(folder, ['ci', '--ignore-scripts'], onLine);
	});
	return path.join(directory, 'node_modules/verdaccio/bin/verdaccio');
}

async function answers(url: string): Promise<boolean> {
	return await fetch(`${url}/-/ping`).then(
		({ ok }) => ok,
		() => false,
	);
}
