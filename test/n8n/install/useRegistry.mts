import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll } from 'vitest';

import { LocalRegistry } from '../../../dev/n8n/registry/LocalRegistry.mts';
import { defaultRegistry } from './defaultRegistry.mts';
import { RegistryRoute } from './RegistryRoute.mts';

export interface RegistryInUse {
	registry: LocalRegistry;
	route: RegistryRoute;
	/** For a process that takes the local registry for n8n's default one, and has nothing of this machine's npm. */
	environment: Record<string, string>;
	/** A folder that is gone after the tests. */
	folder: string;
}

/** A local registry in the place of the one that n8n asks by default, for the tests of a file. */
export function useRegistry(): () => RegistryInUse {
	let inUse: RegistryInUse | undefined;
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-install-'));
		inUse = await open(folder);
	});
	afterAll(async () => {
		await inUse?.route.close();
		await inUse?.registry.close();
		await rm(folder, { recursive: true, force: true });
	});
	return () => inUse as RegistryInUse;
}

async function open(folder: string): Promise<RegistryInUse> {
	const address = await defaultRegistry();
	const registry = await LocalRegistry.start({ publicUrl: address.origin, onLine: console.log });
	const port = Number(new URL(registry.url).port);
	const route = new RegistryRoute(address.hostname, port, folder);
	await route.start();
	const environment = {
		...route.environment,
		npm_config_registry: address.href,
		npm_config_userconfig: path.join(folder, 'npmrc'),
		npm_config_cache: path.join(folder, 'npm-cache'),
	};
	return { registry, route, environment, folder };
}
