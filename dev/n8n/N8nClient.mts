import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'flatted';
import type { INode, IRun, IWorkflowBase } from 'n8n-workflow';

export type WorkflowDefinition = Partial<IWorkflowBase> & { nodes: INode[] };

export interface SavedWorkflow extends WorkflowDefinition {
	id: string;
	name: string;
	versionId: string;
}

/** One execution as n8n stores it. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
	startedAt: string;
	stoppedAt: string | null;
	data: IRun['data'];
}

/** What the editor knows of a node or a credential. */
export interface TypeDescription {
	name: string;
	displayName: string;
	/** Path of its image, one for each theme where they differ. */
	iconUrl?: string | { light: string; dark: string };
}

/** The owner of every n8n that is started here: it runs on loopback, and only for as long as its user wants. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Local',
	lastName: 'Owner',
	password: 'Aichats-on-loopback-1',
};

const ENDED = new Set(['success', 'error', 'canceled', 'crashed']);
const POLL = 100;
/** How long n8n may take to make triggers listen, in ms. */
const MAX_PUBLICATION_TIME = 60_000;

interface Publication {
	status: string;
	triggers?: Array<{ errorMessage: string | null }>;
}

/** n8n's internal REST API, as its editor uses it. It is not public and may change with n8n. */
export class N8nClient {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** Creates the owner of a fresh n8n and signs in. */
	async setUpOwner(): Promise<void> {
		await this.send('POST', '/owner/setup', OWNER);
	}

	async signIn(): Promise<void> {
		const { email, password } = OWNER;
		// Newer versions know the first name, older ones the second.
		await this.send('POST', '/login', { emailOrLdapLoginId: email, email, password });
	}

	/** @returns the id of the new credential */
	async createCredential(type: string, name: string, data: object): Promise<string> {
		const { id } = await this.send<{ id: string }>('POST', '/credentials', { type, name, data });
		return id;
	}

	/** What the editor shows below a credential that was tested. */
	async testCredential(
		type: string,
		id: string,
		data: object,
	): Promise<{ status: string; message: string }> {
		const credentials = { id, name: type, type, data };
		return await this.send('POST', '/credentials/test', { credentials });
	}

	async createWorkflow(workflow: WorkflowDefinition): Promise<SavedWorkflow> {
		const defaults = { name: 'Test', connections: {}, settings: { executionOrder: 'v1' } };
		return await this.send('POST', '/workflows', { ...defaults, ...workflow, active: false });
	}

	/** Makes the workflow's triggers and webhooks listen. @throws Error when one of them cannot */
	async activate({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.send('POST', `/workflows/${id}/activate`, { versionId });
		const deadline = Date.now() + MAX_PUBLICATION_TIME;
		for (;;) {
			const { status, triggers = [] } = await this.publication(id);
			if (status === 'published') return;
			const waits = status === 'in_progress' || status === 'not_published';
			if (!waits || Date.now() > deadline) {
				const reasons = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
				throw new Error(`Publishing workflow ${id}: ${[status, ...reasons].join('; ')}`);
			}
			await delay(POLL);
		}
	}

	/** n8n 2.41 responds before it has published. A version that cannot be asked about that has published by then. */
	private async publication(id: string): Promise<Publication> {
		try {
			return await this.send<Publication>('GET', `/workflows/${id}/publication-status`);
		} catch (error) {
			if (/: 404 /.test((error as Error).message)) return { status: 'published' };
			throw error;
		}
	}

	async deactivate({ id }: SavedWorkflow): Promise<void> {
		await this.send('POST', `/workflows/${id}/deactivate`, {});
	}

	/** Executes a workflow from its trigger, as the editor's button does. @returns the ended execution */
	async run(workflow: SavedWorkflow, trigger: string): Promise<Execution> {
		return await this.ended(await this.start(workflow, trigger));
	}

	/** @returns the id of the execution that has started */
	async start(workflow: SavedWorkflow, trigger: string): Promise<string> {
		const { executionId } = await this.send<{ executionId: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
		);
		return executionId;
	}

	async stopExecution(id: string): Promise<void> {
		await this.send('POST', `/executions/${id}/stop`, {});
	}

	/** Waits until an execution has ended. @throws Error if it takes longer than `maxTime` ms */
	async ended(id: string, maxTime = 120_000): Promise<Execution> {
		const deadline = Date.now() + maxTime;
		let cause: unknown;
		while (Date.now() < deadline) {
			// n8n 2.20 fails to show an execution that has only just begun.
			const execution = await this.execution(id).catch((error: unknown) => void (cause = error));
			if (execution !== undefined && ENDED.has(execution.status)) return execution;
			await delay(POLL);
		}
		throw new Error(`Execution ${id} has not ended after ${maxTime} ms`, { cause });
	}

	/** What the editor's Retry does with a failed execution. @returns the new execution, ended */
	async retry(id: string): Promise<Execution> {
		const path = `/executions/${id}/retry`;
		const retried = await this.send<{ id: string }>('POST', path, { loadWorkflow: false });
		return await this.ended(retried.id);
	}

	async execution(id: string): Promise<Execution> {
		const stored = await this.send<Execution & { data: unknown }>('GET', `/executions/${id}`);
		const data = typeof stored.data === 'string' ? parse(stored.data) : stored.data;
		return { ...stored, data };
	}

	/** The newest executions, without their data. */
	async executions(workflowId?: string): Promise<Array<Omit<Execution, 'data'>>> {
		const filter = encodeURIComponent(JSON.stringify(workflowId ? { workflowId } : {}));
		const { results } = await this.send<{ results: Array<Omit<Execution, 'data'>> }>(
			'GET',
			`/executions?filter=${filter}&limit=100`,
		);
		return results;
	}

	/** A file out of n8n's binary storage, by the id that an item has of it. */
	async binary(id: string): Promise<Buffer> {
		const response = await this.fetch(
			'GET',
			`/rest/binary-data?id=${encodeURIComponent(id)}&action=view`,
		);
		return Buffer.from(await response.arrayBuffer());
	}

	/** What the editor reads at its start: all types that n8n has loaded. */
	async types(kind: 'nodes' | 'credentials'): Promise<TypeDescription[]> {
		const response = await this.fetch('GET', `/types/${kind}.json`);
		return (await response.json()) as TypeDescription[];
	}

	/** Any other request to n8n's REST API. @throws Error with n8n's message if it refuses */
	async send<Result = unknown>(method: string, path: string, body?: object): Promise<Result> {
		const response = await this.fetch(method, `/rest${path}`, body);
		const text = await response.text();
		const parsed = (text === '' ? {} : JSON.parse(text)) as { data?: Result };
		return (parsed.data ?? parsed) as Result;
	}

	private async fetch(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				cookie: this.cookie,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!response.ok) {
			throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		}
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return response;
	}
}

/** Signs in; creates the owner first if there is none yet. */
export async function enterAsOwner(client: N8nClient): Promise<void> {
	const { userManagement } = await client.send<{
		userManagement: { showSetupOnFirstLoad: boolean };
	}>('GET', '/settings');
	if (userManagement.showSetupOnFirstLoad) await client.setUpOwner();
	else await client.signIn();
}

/** Creates a credential, or gives the one of this type and name new data. @returns its id */
export async function saveCredential(
	client: N8nClient,
	type: string,
	name: string,
	data: object,
): Promise<string> {
	const kept = await client.send<Array<{ id: string; type: string; name: string }>>(
		'GET',
		'/credentials',
	);
	const same = kept.find((credential) => credential.type === type && credential.name === name);
	if (same === undefined) return await client.createCredential(type, name, data);
	await client.send('PATCH', `/credentials/${same.id}`, { type, name, data });
	return same.id;
}
