import type { ICredentialType, IDataObject, INodeType, INodeTypes } from 'n8n-workflow';

import type { Runtime } from './runtime.mts';
import { createStandIns } from './standIns.mts';
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

/** The node types a workflow of this engine can use, by their full names. */
export class EngineNodeTypes implements INodeTypes {
	constructor(
		private readonly runtime: Runtime,
		private readonly types: ReadonlyMap<string, NodeTypeLike>,
	) {}

	/** @throws Error that names the type when it is unknown */
	getByName(name: string): NodeTypeLike {
		const type = this.types.get(name);
		if (type) return type;
		const known = [...this.types.keys()].join(', ');
		throw new Error(`Unknown node type "${name}". This engine knows: ${known}`);
	}

	/** @throws Error that names the type when it is unknown */
	getByNameAndVersion(name: string, version?: number): INodeType {
		return this.runtime.workflow.NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return Object.fromEntries([...this.types.keys()].map((name) => [name, { className: name }]));
	}

	/** All node types with their full names, each version of a versioned node on its own. */
	*entries(): Iterable<[string, INodeType]> {
		for (const [name, type] of this.types) {
			const versions = 'nodeVersions' in type ? Object.values(type.nodeVersions) : [type];
			for (const version of versions) yield [name, version];
		}
	}
}

/** If two have the same name, the package comes before extra types, and those before stand-ins. */
export function createNodeTypes(
	runtime: Runtime,
	packageTypes: PackageTypes,
	extraTypes: Record<string, NodeTypeLike> = {},
): EngineNodeTypes {
	const types = new Map<string, NodeTypeLike>(Object.entries(createStandIns(runtime)));
	for (const [name, type] of Object.entries(extraTypes)) types.set(name, type);
	for (const [name, type] of packageTypes.nodes) {
		// n8n names a type after the way it came in: package manager or N8N_CUSTOM_EXTENSIONS.
		types.set(`CUSTOM.${name}`, type);
		types.set(`${packageTypes.name}.${name}`, type);
	}
	return new EngineNodeTypes(runtime, types);
}
