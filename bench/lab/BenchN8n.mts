import type { INode } from 'n8n-workflow';
import { once } from 'node:events';
import { request } from 'node:http';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import type { N8nInstallation } from '../../dev/n8n/installation.mts';
import { N8nClient, type WorkflowDefinition } from '../../dev/n8n/N8nClient.mts';
import { N8nProcess } from '../../dev/n8n/N8nProcess.mts';

/** How long a workflow may take to listen after its activation, in ms. */
const LONGEST_ACTIVATION = 30_000;
const POLL = 50;
/** Whoever made it vouches for the services that speak HTTPS. */
const CERTIFICATE_FILE = path.resolve(import.meta.dirname, '../../test/support/tls/cert.pem');
const HOOK = pathToFileURL(path.join(import.meta.dirname, 'hook.mts')).href;

/** What credentials are stored, by their names. */
export type Credentials = Record<string, { id: string; name: string }>;

/** A real n8n whose garbage can be collected from outside, and the workflows that it was given. */
export class BenchN8n {
	private readonly workflows = new Map<string, Promise<string>>();

	private constructor(
		private readonly process: N8nProcess,
		readonly client: N8nClient,
		private readonly socket: string,
		private readonly credentials: Credentials,
	) {}

	/**
	 * @param folder its user folder; a fresh one's owner must be set up
	 * @param credentials those of its database, to which more can be added
	 * @param flags further ones for Node.js, such as those of its profiler
	 */
	static async start(
		installation: N8nInstallation,
		folder: string,
		credentials: Credentials,
		flags: readonly string[] = [],
	): Promise<BenchN8n> {
		// Beside the folder: sockets cannot be copied, and folders are.
		const socket = `${folder}.sock`;
		await rm(socket, { force: true });
		const process = await N8nProcess.start({
			installation,
			folder,
			environment: {
				NODE_OPTIONS: ['--expose-gc', `--import=${HOOK}`, ...flags].join(' '),
				AICHATS_BENCH_SOCKET: socket,
				NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE,
			},
		});
		return new BenchN8n(process, new N8nClient(process.url), socket, credentials);
	}

	get pid(): number {
		return this.process.pid;
	}

	/** Its user folder. */
	get folder(): string {
		return this.process.folder;
	}

	get url(): string {
		return this.process.url;
	}

	/** Collects garbage until the resident memory no longer falls. */
	async settle(): Promise<void> {
		const sent = request({ socketPath: this.socket, method: 'POST' });
		sent.end();
		const [response] = await once(sent, 'response');
		response.resume();
		await once(response, 'end');
	}

	/** Creates and activates the workflow of a webhook, once. @returns its id */
	async workflow(webhookPath: string, definition: WorkflowDefinition): Promise<string> {
		const known = this.workflows.get(webhookPath) ?? this.create(webhookPath, definition);
		this.workflows.set(webhookPath, known);
		return await known;
	}

	async stop(): Promise<void> {
		await this.process.stop();
	}

	private async create(webhookPath: string, definition: WorkflowDefinition): Promise<string> {
		const saved = await this.client.createWorkflow({
			...definition,
			nodes: definition.nodes.map((node) => this.withCredentials(node)),
			name: webhookPath,
		});
		await this.client.activate(saved);
		const deadline = Date.now() + LONGEST_ACTIVATION;
		while (!(await this.listens(webhookPath))) {
			if (Date.now() > deadline) throw new Error(`n8n does not listen at ${webhookPath}`);
			await delay(POLL);
		}
		return saved.id;
	}

	private withCredentials(node: INode): INode {
		const used = Object.entries(node.credentials ?? {}).map(([type, { name }]) => {
			const known = this.credentials[name];
			if (known === undefined) throw new Error(`There is no credential ${name}`);
			return [type, known] as const;
		});
		return used.length === 0 ? node : { ...node, credentials: Object.fromEntries(used) };
	}

	/** n8n says that a workflow is active before its webhook is. */
	private async listens(webhookPath: string): Promise<boolean> {
		const { headers } = await fetch(`${this.url}/webhook/${webhookPath}`, {
			method: 'OPTIONS',
			headers: { origin: this.url },
		});
		return headers.get('access-control-allow-methods')?.includes('POST') === true;
	}
}
