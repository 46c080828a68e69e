import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunction,
	ICredentialTestRequest,
	IDataObject,
	INodeCredentialTestResult,
	INodeType,
} from 'n8n-workflow';

import type { EngineParts } from './parts.mts';
import { createScratchWorkflow, runInScope } from './runtime.mts';

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

type Rules = NonNullable<ICredentialTestRequest['rules']>;

/** Sends the test's request through n8n's routing node, and judges the answer by its rules. */
export async function runTestRequest(
	parts: EngineParts,
	test: ICredentialTestRequest,
	node: INodeType,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { rules = [] } = test;
	try {
		const routing = createRoutingNode(parts, describeTestNode(test, node, credential), credential);
		const output = await routing.runNode();
		const body = (output?.[0]?.[0]?.json ?? {}) as IDataObject;
		const broken = brokenBodyRule(rules, body);
		if (broken !== undefined) return { status: 'Error', message: broken };
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: explainFailure(rules, error as RequestFailure) };
	}
}

/** A copy of the node with one parameter, which makes the request. */
function describeTestNode(
	{ request }: ICredentialTestRequest,
	{ description }: INodeType,
	{ type }: ICredentialsDecrypted,
): INodeType {
	const credentials = [{ name: type, required: true }];
	const property = { displayName: 'Test', name: 'temp', type: 'string', default: '' } as const;
	const properties = [{ ...property, routing: { request } }];
	return { description: { ...description, credentials, properties } };
}

function createRoutingNode(
	{ runtime, createAdditionalData }: EngineParts,
	nodeType: INodeType,
	credential: ICredentialsDecrypted,
) {
	const { ExecuteContext, RoutingNode } = runtime.core;
	const getByName = () => nodeType;
	const nodeTypes = { getByName, getByNameAndVersion: getByName, getKnownTypes: () => ({}) };
	const { workflow, node } = createScratchWorkflow(runtime, nodeTypes, {
		type: nodeType.description.name,
		typeVersion: [nodeType.description.version].flat().at(-1) ?? 1,
		credentials: { [credential.type]: { id: credential.id, name: credential.name } },
	});
	const context = new ExecuteContext(
		workflow,
		node,
		createAdditionalData(),
		'internal',
		runtime.workflow.createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	return new RoutingNode(context, nodeType, credential);
}

function brokenBodyRule(rules: Rules, body: IDataObject): string | undefined {
	for (const rule of rules) {
		if (rule.type !== 'responseSuccessBody') continue;
		const { key, value, message } = rule.properties;
		if (readPath(body, key) === value) return message;
	}
	return undefined;
}

function readPath(body: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((value, key) => (value as IDataObject)?.[key], body);
}

interface RequestFailure extends Error {
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

// n8n's own messages: the rule for the status, the server's status text, the system's error code.
function explainFailure(rules: Rules, { cause, message }: RequestFailure): string {
	if (!cause?.response) return cause?.code ?? message;
	const { status, statusText } = cause.response;
	for (const rule of rules) {
		if (rule.type === 'responseCode' && rule.properties.value === status) {
			return rule.properties.message;
		}
	}
	return statusText || `Received HTTP status code: ${status}`;
}

/** Runs the test of a credential type, or that of a node's `testedBy`, as n8n does. */
export async function testCredential(
	parts: EngineParts,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const test = findCredentialTest(parts, type);
	if (!test) return failure('No testing function found for this credential.');
	const additionalData = parts.createAdditionalData();
	const context = { additionalData, mode: 'internal' as const };
	try {
		const completed = parts.credentialValues.complete(type, data, context);
		const credential = { id: 'scratch', name: 'Scratch', type, data: completed };
		return await runInScope(parts.scope, async () =>
			'request' in test
				? await runTestRequest(parts, test.request, test.node, credential)
				: await test.run.call(new parts.runtime.core.CredentialTestContext(), credential),
		);
	} catch (error) {
		return failure(error instanceof Error ? error.message : String(error));
	}
}

function failure(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}
