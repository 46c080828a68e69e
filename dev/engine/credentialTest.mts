import type { ICredentialDataDecryptedObject, INodeCredentialTestResult } from 'n8n-workflow';

import { findCredentialTest } from './credentialTestSearch.mts';
import { runTestRequest } from './credentialTestRequest.mts';
import type { EngineParts } from './parts.mts';
import { runInScope } from './scope.mts';

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
