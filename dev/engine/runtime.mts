import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container } from '@n8n/di';
import type { BinaryDataConfig } from 'n8n-core';
import type { INode, INodeTypes, Workflow } from 'n8n-workflow';

export type ServiceClass = abstract new (...dependencies: never[]) => object;

/** The n8n services that belong to one engine, by their class. */
export type ServiceScope = Map<ServiceClass, object>;

const currentScope = new AsyncLocalStorage<ServiceScope>();

/**
 * n8n-core asks one global container for its services, so two engines would share one binary
 * storage and one network guard. The container therefore holds a stand-in, which passes every
 * call on to the service of the engine whose run is making it.
 */
export function scopeService(container: typeof Container, service: ServiceClass): void {
	const standIn = new Proxy({}, { get: (_, property) => readScoped(service, property) });
	container.set(service as Parameters<typeof container.set>[0], standIn);
}

/** Everything that `action` starts, timers and socket events too, uses the scope's services. */
export function runInScope<Result>(scope: ServiceScope, action: () => Result): Result {
	return currentScope.run(scope, action);
}

function readScoped(serviceClass: ServiceClass, property: string | symbol): unknown {
	const service = currentScope.getStore()?.get(serviceClass);
	if (!service) {
		throw new Error(`n8n's ${serviceClass.name} was used outside of an engine's run`);
	}
	const value: unknown = Reflect.get(service, property, service);
	return typeof value === 'function' ? value.bind(service) : value;
}

/** The pieces of n8n that the engine drives: one set per process. */
export interface Runtime {
	core: typeof import('n8n-core');
	workflow: typeof import('n8n-workflow');
	container: (typeof import('@n8n/di'))['Container'];
	config: typeof import('@n8n/config');
	network: typeof import('@n8n/backend-network');
	logger: Logger;
	/** n8n's own binary data settings; the container gives out those of the running engine. */
	binaryDataConfig: BinaryDataConfig;
}

type LoadedPackages = Omit<Runtime, 'binaryDataConfig'>;
type Logger = ConstructorParameters<typeof import('n8n-core').BinaryDataService>[2];

let runtime: Runtime | undefined;

/**
 * Loads n8n-core, once per process. n8n's log goes nowhere unless the environment sets
 * `N8N_LOG_LEVEL` before the first engine is made: its logger, too, is one per process.
 */
export function loadRuntime(): Runtime {
	runtime ??= prepareRuntime();
	return runtime;
}

function prepareRuntime(): Runtime {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-settings-'));
	const N8N_LOG_LEVEL = process.env.N8N_LOG_LEVEL ?? 'silent';
	try {
		return withEnvironment({ N8N_USER_FOLDER: folder, N8N_LOG_LEVEL }, initializeRuntime);
	} finally {
		// The settings live in memory from here on, and binary data has a folder per engine.
		rmSync(folder, { recursive: true, force: true });
	}
}

function initializeRuntime(): Runtime {
	const loaded = requirePackages();
	const { container, core, network } = loaded;
	// Reads the two variables and writes an encryption key: has to happen while they are set.
	container.get(core.InstanceSettings);
	const binaryDataConfig = container.get(core.BinaryDataConfig);
	for (const service of [core.BinaryDataService, core.BinaryDataConfig, network.OutboundHttp]) {
		scopeService(container, service);
	}
	return { ...loaded, binaryDataConfig };
}

// require, because n8n-workflow is published twice and n8n-core uses the CommonJS one: an
// import would bring a second copy whose error classes n8n-core does not recognize.
function requirePackages(): LoadedPackages {
	const requireHere = createRequire(import.meta.url);
	const requireFromCore = createRequire(requireHere.resolve('n8n-core'));
	const core = requireHere('n8n-core');
	const { Container: container } = requireFromCore('@n8n/di');
	return {
		core,
		workflow: requireFromCore('n8n-workflow'),
		container,
		config: requireFromCore('@n8n/config'),
		network: requireFromCore('@n8n/backend-network'),
		logger: container.get(requireFromCore('@n8n/backend-common').Logger),
	};
}

function withEnvironment<Result>(values: Record<string, string>, action: () => Result): Result {
	const before = { ...process.env };
	Object.assign(process.env, values);
	try {
		return action();
	} finally {
		for (const name of Object.keys(values)) restoreVariable(name, before[name]);
	}
}

function restoreVariable(name: string, value: string | undefined): void {
	if (value === undefined) delete process.env[name];
	else process.env[name] = value;
}

/** n8n evaluates expressions only inside a workflow: one of a single node, never run. */
export function createScratchWorkflow(
	runtime: Runtime,
	nodeTypes: INodeTypes,
	node: Partial<INode> = {},
): { workflow: Workflow; node: INode } {
	const scratchNode: INode = {
		id: 'scratch',
		name: 'Scratch',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...node,
	};
	const workflow = new runtime.workflow.Workflow({
		id: 'scratch',
		nodes: [scratchNode],
		connections: {},
		active: false,
		nodeTypes,
	});
	return { workflow, node: scratchNode };
}
