import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, type Server as TcpServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll } from 'vitest';

import { installN8n } from '../../dev/n8n/installation.mts';
import type { N8nClient } from '../../dev/n8n/N8nClient.mts';
import { runCommand } from '../../dev/n8n/processes.mts';
import { installFolder } from '../../dev/installFolder.mts';
import { LocalRegistry } from '../../dev/n8n/registry/LocalRegistry.mts';

/** The registry that the pinned n8n asks when nothing is set, as its own code has it. */
export async function defaultRegistry(): Promise<URL> {
	const { program } = await installN8n();
	const { CommunityPackagesConfig } = createRequire(program)(
		'../dist/modules/community-packages/community-packages.config.js',
	) as { CommunityPackagesConfig: new () => { registry: string } };
	return new URL(new CommunityPackagesConfig().registry);
}

/** What certificates are made with: installed for this test and the checks only. */
const TOOLS = path.resolve(import.meta.dirname, '../../tools/package.json');
interface Selfsigned {
	generate(names: object[], options: object): Promise<{ private: string; cert: string }>;
}

const LOOPBACK = '127.0.0.1';
const HTTPS_PORT = 443;

/**
 * Leads whatever goes through it to a registry's https address to another registry on this machine, as a
 * company's proxy may, and refuses everything else. The client keeps its own settings, its n8n too: that
 * one takes another registry than its default only with a licence.
 */
export class RegistryRoute {
	/** What was requested and refused, each as `host:port`. */
	readonly refused: string[] = [];
	private readonly open = new Set<Duplex>();
	private readonly proxy: Server;
	private front: TcpServer | undefined;

	/**
	 * @param host of the registry as clients know it
	 * @param target port of the registry that answers
	 * @param folder where the certificate is kept
	 */
	constructor(
		private readonly host: string,
		private readonly target: number,
		private readonly folder: string,
	) {
		this.proxy = createServer((_request, response) => response.writeHead(403).end());
		this.proxy.on('connect', (request: IncomingMessage, client: Duplex) =>
			this.tunnel(request, client),
		);
	}

	async start(): Promise<void> {
		const altNames = [{ type: 2 as const, value: this.host }];
		const extensions = [{ name: 'subjectAltName' as const, altNames }];
		await installFolder('tools');
		const { generate } = createRequire(TOOLS)('selfsigned') as Selfsigned;
		const pems = await generate([{ name: 'commonName', value: this.host }], { extensions });
		await writeFile(this.certificate, pems.cert);
		const tls = { key: pems.private, cert: pems.cert };
		this.front = createTlsServer(tls, (client) => this.join(client, this.target));
		await listen(this.front);
		await listen(this.proxy);
	}

	/** What makes Node.js, n8n and npm take the way through here. */
	get environment(): Record<string, string> {
		const url = `http://${LOOPBACK}:${port(this.proxy)}`;
		return { HTTPS_PROXY: url, https_proxy: url, NODE_EXTRA_CA_CERTS: this.certificate };
	}

	async close(): Promise<void> {
		for (const socket of this.open) socket.destroy();
		const servers = [this.proxy, this.front].filter((server) => server?.listening);
		await Promise.all(servers.map(async (server) => await once(server!.close(), 'close')));
	}

	private get certificate(): string {
		return path.join(this.folder, 'registry.pem');
	}

	private tunnel({ url = '' }: IncomingMessage, client: Duplex): void {
		if (url !== `${this.host}:${HTTPS_PORT}`) {
			this.refused.push(url);
			client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		this.join(client, port(this.front!));
	}

	/** Passes on all that either side says, until one of them ends. */
	private join(client: Duplex, to: number): void {
		const server = connect(to, LOOPBACK);
		for (const [socket, other] of [
			[client, server],
			[server, client],
		] as const) {
			this.open.add(socket);
			socket.pipe(other);
			socket.on('error', () => other.destroy());
			socket.once('close', () => {
				this.open.delete(socket);
				other.destroy();
			});
		}
	}
}

async function listen(server: TcpServer): Promise<void> {
	await once(server.listen(0, LOOPBACK), 'listening');
}

function port(server: TcpServer): number {
	return (server.address() as AddressInfo).port;
}

/** A packed package that is published as `version`. */
export interface Release {
	version: string;
	/** What npm publishes. */
	source: string;
}

/** The same package as in a tarball, unpacked into `folder`, one minor version later. */
export async function nextVersion(tarball: string, folder: string): Promise<Release> {
	const source = path.join(folder, 'next');
	await mkdir(source, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '--strip-components=1', '-C', source]);
	const file = path.join(source, 'package.json');
	const manifest = JSON.parse(await readFile(file, 'utf8')) as { version: string };
	const [major, minor] = manifest.version.split('.').map(Number) as [number, number];
	const version = `${major}.${minor + 1}.0`;
	await writeFile(file, JSON.stringify({ ...manifest, version }));
	return { version, source };
}

/** A community package as n8n's settings show it. */
export interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	installedNodes: Array<{ name: string; type: string }>;
	updateAvailable?: string;
	failedLoading?: boolean;
}

const PATH = '/community-packages';

/** What the page Settings → Community Nodes does. */
export class CommunityPackages {
	constructor(private readonly client: N8nClient) {}

	async list(): Promise<InstalledPackage[]> {
		return await this.client.send('GET', PATH);
	}

	async install(name: string): Promise<InstalledPackage> {
		return await this.client.send('POST', PATH, { name });
	}

	async update(name: string): Promise<InstalledPackage> {
		return await this.client.send('PATCH', PATH, { name });
	}

	async uninstall(name: string): Promise<void> {
		await this.client.send('DELETE', `${PATH}?name=${name}`);
	}
}

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
