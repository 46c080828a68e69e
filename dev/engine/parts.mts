import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import { createAdditionalData } from './additionalData.mts';
import { CredentialStore } from './credentialStore.mts';
import { EngineCredentialTypes } from './credentialTypes.mts';
import { CredentialValues } from './credentialValues.mts';
import { EngineCredentialsHelper } from './credentialsHelper.mts';
import { createNodeTypes, type EngineNodeTypes } from './nodeTypes.mts';
import { loadPackageTypes } from './packageTypes.mts';
import { loadRuntime, type Runtime } from './runtime.mts';
import { createServices, type EngineServices } from './services.mts';
import type { EngineOptions } from './types.mts';

/** What the engine's operations work with. */
export interface EngineParts extends EngineServices {
	runtime: Runtime;
	nodeTypes: EngineNodeTypes;
	credentialTypes: EngineCredentialTypes;
	credentialValues: CredentialValues;
	/** fresh for every execution: n8n writes into it */
	createAdditionalData(): IWorkflowExecuteAdditionalData;
}

/** @throws Error when the package cannot be loaded */
export async function createParts(
	options: EngineOptions,
	userFolder: string,
): Promise<EngineParts> {
	const runtime = loadRuntime();
	const packageTypes = await loadPackageTypes(runtime, options.package);
	const nodeTypes = createNodeTypes(runtime, packageTypes, options.nodeTypes);
	const credentialTypes = new EngineCredentialTypes(runtime, packageTypes.credentials, nodeTypes);
	const credentialValues = new CredentialValues(runtime, credentialTypes, nodeTypes);
	const store = new CredentialStore(options.credentials);
	const helper = new EngineCredentialsHelper(credentialTypes, store, credentialValues);
	return {
		...(await createServices(runtime, userFolder, options)),
		runtime,
		nodeTypes,
		credentialTypes,
		credentialValues,
		createAdditionalData: () => createAdditionalData(runtime, helper),
	};
}
