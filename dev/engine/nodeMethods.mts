import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

import type { EngineParts } from './parts.mts';
import { createScratchWorkflow, runInScope } from './runtime.mts';
import type { NodeUnderEdit } from './types.mts';

/** Fills the list of a resource locator as n8n's editor does. */
export async function searchList(
	parts: EngineParts,
	node: NodeUnderEdit,
	methodName: string,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { method, context } = prepare(parts, node, 'listSearch', methodName);
	return await runInScope(parts.scope, () => method.call(context, filter, paginationToken));
}

/** Fills a drop-down list as n8n's editor does. */
export async function loadOptions(
	parts: EngineParts,
	node: NodeUnderEdit,
	methodName: string,
): Promise<INodePropertyOptions[]> {
	const { method, context } = prepare(parts, node, 'loadOptions', methodName);
	return await runInScope(parts.scope, () => method.call(context));
}

type Methods = NonNullable<INodeType['methods']>;

function prepare<Kind extends 'listSearch' | 'loadOptions'>(
	parts: EngineParts,
	node: NodeUnderEdit,
	kind: Kind,
	methodName: string,
) {
	const { runtime, nodeTypes } = parts;
	const nodeType = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const methods = nodeType.methods?.[kind] as Methods[Kind] | undefined;
	const method = methods?.[methodName] as NonNullable<Methods[Kind]>[string] | undefined;
	if (!method) throw new Error(`Node type "${node.type}" has no ${kind} method "${methodName}"`);
	const typeVersion = node.typeVersion ?? latestVersion(nodeType);
	const scratch = createScratchWorkflow(runtime, nodeTypes, {
		...structuredClone(node),
		typeVersion,
	});
	const additionalData = parts.createAdditionalData();
	additionalData.currentNodeParameters = scratch.node.parameters;
	const { LoadOptionsContext } = runtime.core;
	const context = new LoadOptionsContext(scratch.workflow, scratch.node, additionalData, '');
	return { method, context: context as unknown as ILoadOptionsFunctions };
}

function latestVersion({ description }: INodeType): number {
	return [description.version].flat().at(-1) ?? 1;
}
