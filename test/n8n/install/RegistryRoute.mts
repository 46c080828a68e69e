import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Server as TcpServer } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

import { generate } from 'selfsigned';

const LOOPBACK = '127.0.0.1';
const HTTPS_PORT = 443;

/**
 * Leads whatever goes through it to a registry's https address to another registry on this machine, as a
 * company's proxy may, and refuses everything else. The client keeps its own settings, its n8n too: that
 * one takes another registry than its default only with a licence.
 */
export class RegistryRoute {
	/** What was asked for and refused: `host:port` each. */
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
