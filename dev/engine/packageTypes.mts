import type { ICredentialType } from 'n8n-workflow';

import type { Runtime } from './runtime.mts';
import type { EngineOptions, NodeTypeLike, PackageClasses } from './types.mts';

/** A package's types by their short names. */
export interface PackageTypes {
	name: string;
	nodes: Map<string, NodeTypeLike>;
	credentials: Map<string, ICredentialType>;
}

/** @throws Error when a file named in package.json's `n8n` section is missing or wrong */
export async function loadPackageTypes(
	runtime: Runtime,
	source: EngineOptions['package'],
): Promise<PackageTypes> {
	if ('directory' in source) return await loadDirectory(runtime, source.directory);
	return collectClasses(source);
}

async function loadDirectory(runtime: Runtime, directory: string): Promise<PackageTypes> {
	const loader = new runtime.core.PackageDirectoryLoader(directory);
	await loader.loadAll();
	return {
		name: loader.packageName,
		nodes: byName(Object.entries(loader.nodeTypes)),
		credentials: byName(Object.entries(loader.credentialTypes)),
	};
}

function byName<Type>(entries: Array<[string, { type: Type }]>): Map<string, Type> {
	return new Map(entries.map(([name, { type }]) => [name, type]));
}

function collectClasses({ name, nodes, credentials = [] }: PackageClasses): PackageTypes {
	const nodeTypes = nodes.map(instantiate<NodeTypeLike>);
	const credentialTypes = credentials.map(instantiate<ICredentialType>);
	return {
		name,
		nodes: new Map(nodeTypes.map((type) => [type.description.name, type])),
		credentials: new Map(credentialTypes.map((type) => [type.name, type])),
	};
}

function instantiate<Type>(type: Type | (new () => Type)): Type {
	return typeof type === 'function' ? new (type as new () => Type)() : (type as Type);
}
