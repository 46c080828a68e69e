import {
	type LocalService,
	type LocalServiceOptions,
	startLocalService,
} from '../service/index.mts';
import { makeTemporaryFolder, type TemporaryFolder } from '../temporaryFolder.mts';
import { installN8n } from './installation.mts';
import { enterAsOwner, N8nClient, saveCredential, type WorkflowDefinition } from './N8nClient.mts';
import { N8nProcess, type N8nProcessOptions } from './N8nProcess.mts';
import { packPackage, placePackage } from './packPackage.mts';

export const AI_CHATS = 'aiChatsApi';
export const OPENAI_COMPATIBLE = 'aiChatsOpenAiCompatibleApi';
/** n8n's own credential, for its own OpenAI nodes. */
export const N8N_OPENAI = 'openAiApi';

export interface LabOptions {
	/** An n8n other than the pinned one. */
	version?: string | undefined;
	service?: LocalServiceOptions;
	/** Preferred port of n8n. */
	port?: number;
	environment?: Record<string, string>;
	/** A user folder to keep, where an earlier lab may have been; by default a temporary one. */
	folder?: string;
	/** Whether n8n has the package; true unless a test installs it itself. */
	withPackage?: boolean;
	onLine?: (line: string) => void;
}

/** The stand-in service, and a real n8n that has the packed package, an owner and credentials for it. */
export class Lab {
	/** Ids of credentials that lead to the stand-in service, by their types. */
	readonly credentials: Record<string, { id: string; name: string }> = {};

	private constructor(
		readonly folder: string,
		readonly service: LocalService,
		private process: N8nProcess,
		readonly client: N8nClient,
		private readonly temporary: TemporaryFolder | undefined,
		private readonly processOptions: N8nProcessOptions,
	) {}

	get n8n(): N8nProcess {
		return this.process;
	}

	static async open(options: LabOptions = {}): Promise<Lab> {
		const { onLine = () => undefined, withPackage = true } = options;
		const installation = await installN8n({ version: options.version, onLine });
		const temporary = options.folder ? undefined : await makeTemporaryFolder('aichats-n8n');
		const folder = (options.folder ?? temporary?.path) as string;
		const service = await startLocalService(options.service);
		let n8n: N8nProcess | undefined;
		try {
			if (withPackage) await placePackage(await packPackage(folder, onLine), folder);
			onLine('Starting n8n ...');
			const processOptions = { ...options, installation, folder };
			n8n = await N8nProcess.start(processOptions);
			const client = new N8nClient(n8n.url);
			const lab = new Lab(folder, service, n8n, client, temporary, processOptions);
			await lab.setUp(withPackage);
			return lab;
		} catch (error) {
			await n8n?.stop();
			await service.close();
			await temporary?.remove();
			throw error;
		}
	}

	/** A workflow whose nodes get this lab's credentials, whatever ids they name. */
	withCredentials(workflow: WorkflowDefinition): WorkflowDefinition {
		const nodes = workflow.nodes.map((node) => {
			const used = Object.keys(node.credentials ?? {}).map((type) => [
				type,
				this.credentials[type],
			]);
			return used.length === 0 ? node : { ...node, credentials: Object.fromEntries(used) };
		});
		return { ...workflow, nodes };
	}

	/** Stops n8n and starts it again with its data, at the same address. */
	async restart(): Promise<void> {
		await this.n8n.stop();
		const port = Number(new URL(this.n8n.url).port);
		this.process = await N8nProcess.start({ ...this.processOptions, port });
	}

	/** Creates the credentials of the package, which n8n must have installed by now. */
	async addPackageCredentials(): Promise<void> {
		const { url } = this.service;
		await this.addCredential(AI_CHATS, 'AiChats account', { baseUrl: url });
		const data = { baseUrl: url, apiKey: 'local' };
		await this.addCredential(OPENAI_COMPATIBLE, 'AiChats OpenAI-Compatible account', data);
	}

	async close(): Promise<void> {
		await this.n8n.stop();
		await this.service.close();
		await this.temporary?.remove();
	}

	private async setUp(withPackage: boolean): Promise<void> {
		await enterAsOwner(this.client);
		const { url } = this.service;
		if (withPackage) await this.addPackageCredentials();
		await this.addCredential(N8N_OPENAI, 'OpenAI account', { apiKey: 'local', url: `${url}/v1` });
	}

	private async addCredential(type: string, name: string, data: object): Promise<void> {
		this.credentials[type] = { id: await saveCredential(this.client, type, name, data), name };
	}
}
