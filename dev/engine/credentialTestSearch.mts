import type { ICredentialTestFunction, ICredentialTestRequest, INodeType } from 'n8n-workflow';

import type { EngineParts } from './parts.mts';

/** A test is either a request that n8n makes or a function of a node. */
export type CredentialTest =
	| { request: ICredentialTestRequest; node: INodeType }
	| { run: ICredentialTestFunction };

/** n8n's order: the credential type's own test, then the first node that has one for it. */
export function findCredentialTest(parts: EngineParts, type: string): CredentialTest | undefined {
	const { test } = parts.credentialTypes.getByName(type);
	if (test) {
		const node = parts.nodeTypes.getByNameAndVersion('n8n-nodes-base.noOp');
		return { request: test, node };
	}
	for (const [, node] of parts.nodeTypes.entries()) {
		const found = findInNode(node, type);
		if (found) return found;
	}
	return undefined;
}

function findInNode(node: INodeType, type: string): CredentialTest | undefined {
	const used = node.description.credentials?.find(({ name }) => name === type);
	const testedBy = used?.testedBy;
	if (testedBy === undefined) return undefined;
	if (typeof testedBy !== 'string') return { request: testedBy, node };
	const run = node.methods?.credentialTest?.[testedBy];
	if (run) return { run };
	throw new Error(`Node "${node.description.name}" has no credentialTest method "${testedBy}"`);
}
