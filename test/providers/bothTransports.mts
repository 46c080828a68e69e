import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { createEngine, type WorkflowJson } from '../../dev/engine/index.mts';
import {
	type LocalService,
	type LocalServiceOptions,
	startLocalService,
} from '../../dev/service/index.mts';
import { UndiciTransport } from '../../dev/UndiciTransport.mts';
import type { Transport } from '../../providers/Transport.ts';
import { N8nTransport } from '../../transport/N8nTransport.ts';
import { node } from '../engine/support.mts';

/** Whose credential the requests carry. */
export type CredentialType = 'aiChatsApi' | 'aiChatsOpenAiCompatibleApi';

/** What a user would type into the credential. */
export interface Access {
	type: CredentialType;
	sessionCookieSecret?: string;
	apiKey?: string;
	proxyUrl?: string;
	allowUnauthorizedCerts?: boolean;
}

/** What to do inside a node's `execute()`. */
export type InNode = (context: IExecuteFunctions) => Promise<void>;

/** A node that hands its context to whatever is waiting, to see n8n's own helpers at work. */
export class Probe implements INodeType {
	static readonly waiting = new Map<string, InNode>();

	description: INodeType['description'] = {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Probe' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Task', name: 'task', type: 'string', default: '' }],
		credentials: [{ name: 'aiChatsApi' }, { name: 'aiChatsOpenAiCompatibleApi' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await Probe.waiting.get(this.getNodeParameter('task', 0) as string)?.(this);
		return [[]];
	}
}

/** A transport that is ready for requests. */
export interface OpenTransport {
	/** Runs the body where the transport works, and gives back or throws what the body does. */
	use<T>(body: (transport: Transport) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

/** One way for bytes to reach a service. */
export interface TransportKind {
	name: string;
	open(access: Access, baseUrl: string): Promise<OpenTransport>;
}

/** Through undici's pooled sockets, with no n8n anywhere. */
export const undiciKind: TransportKind = {
	name: 'undici',
	async open(access) {
		const { proxyUrl, allowUnauthorizedCerts } = access;
		const transport = new UndiciTransport({
			headers: headersOf(access),
			...(proxyUrl === undefined ? {} : { proxyUrl }),
			...(allowUnauthorizedCerts === undefined ? {} : { allowUnauthorizedCerts }),
		});
		return {
			use: async (body) => await body(transport),
			close: async () => await transport.close(),
		};
	},
};

function headersOf({ sessionCookieSecret, apiKey }: Access): Record<string, string> {
	return {
		...(sessionCookieSecret === undefined ? {} : { cookie: sessionCookieSecret }),
		...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
	};
}

/** Through n8n's HTTP helpers, inside the `execute()` of a node that the real engine runs. */
export const n8nKind: TransportKind = {
	name: "n8n's helpers",
	async open({ type, ...data }, baseUrl) {
		const engine = await createEngine({
			package: {
				name: 'n8n-nodes-probe',
				nodes: [Probe],
				credentials: [AiChatsApi, AiChatsOpenAiCompatibleApi],
			},
			credentials: { [type]: { type, data: { baseUrl, ...data } } },
		});
		return {
			async use<T>(body: (transport: Transport) => Promise<T>): Promise<T> {
				const task = randomUUID();
				const result = Promise.withResolvers<T>();
				Probe.waiting.set(task, async (context) => {
					// The body's failure belongs to the test, not to the engine's run.
					await transportOf(context, type).then(body).then(result.resolve, result.reject);
				});
				const run = await engine.run(workflow(task, type));
				Probe.waiting.delete(task);
				if (run.status !== 'success') result.reject(run.error);
				return await result.promise;
			},
			close: async () => await engine.close(),
		};
	},
};

async function transportOf(
	context: IExecuteFunctions,
	type: Access['type'],
): Promise<N8nTransport> {
	return new N8nTransport(context, type, await context.getCredentials(type));
}

function workflow(task: string, type: Access['type']): WorkflowJson {
	const probe = node('Probe', 'n8n-nodes-probe.probe', { task });
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			{ ...probe, credentials: { [type]: { id: type, name: type } } },
		],
		connections: { Start: { main: [[{ node: 'Probe', type: 'main', index: 0 }]] } },
	};
}

export interface BothTransportsOptions {
	access: Access;
	service?: LocalServiceOptions;
}

/** What a test has: its own service, and a transport that reaches it. */
export interface Reach {
	service: LocalService;
	/** Runs the body with the transport, in a node's `execute()` where the transport is n8n's. */
	use<T>(body: (transport: Transport) => Promise<T>): Promise<T>;
}

/** Describes the same behaviour twice: through undici, and through n8n's helpers in the engine. */
export function describeThroughBoth(
	title: string,
	options: BothTransportsOptions,
	tests: (reach: Reach) => void,
): void {
	describe.each([undiciKind, n8nKind])(`${title}, through $name`, (kind) => {
		tests(openReach(kind, options));
	});
}

function openReach(
	kind: TransportKind,
	{ access, service: options }: BothTransportsOptions,
): Reach {
	let service: LocalService;
	let transport: OpenTransport;

	beforeAll(async () => {
		service = await startLocalService(options);
		transport = await kind.open(access, service.url);
	});
	beforeEach(() => service.reset());
	afterAll(async () => {
		await transport.close();
		await service.close();
	});

	return {
		get service() {
			return service;
		},
		use: async (body) => await transport.use(body),
	};
}
