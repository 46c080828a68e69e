import { join } from 'node:path';
import type { OutboundHttp } from '@n8n/backend-network';
import type { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import { CredentialStore, CredentialValues, EngineCredentialTypes } from './credentials.mts';
import { EngineCredentialsHelper } from './credentialsHelper.mts';
import { createNodeTypes, type EngineNodeTypes, loadPackageTypes } from './nodeTypes.mts';
import { loadRuntime, type Runtime, type ServiceClass, type ServiceScope } from './runtime.mts';
import type { EngineOptions, SsrfProtectionOptions } from './types.mts';

// Nothing listens there: n8n only wants absolute URLs, and refuses to read parameters without.
const INSTANCE_URL = 'http://n8n.invalid';

const URLS = {
	instanceBaseUrl: `${INSTANCE_URL}/`,
	restApiUrl: `${INSTANCE_URL}/rest`,
	webhookBaseUrl: `${INSTANCE_URL}/webhook`,
	webhookTestBaseUrl: `${INSTANCE_URL}/webhook-test`,
	webhookWaitingBaseUrl: `${INSTANCE_URL}/webhook-waiting`,
	formBaseUrl: `${INSTANCE_URL}/form`,
	formTestBaseUrl: `${INSTANCE_URL}/form-test`,
	formWaitingBaseUrl: `${INSTANCE_URL}/form-waiting`,
	mcpBaseUrl: `${INSTANCE_URL}/mcp`,
	mcpTestBaseUrl: `${INSTANCE_URL}/mcp-test`,
};

/** What n8n-core gets from the server around it. Whatever needs a real server fails and says which part it is. */
export function createAdditionalData(
	runtime: Runtime,
	credentialsHelper: EngineCredentialsHelper,
): IWorkflowExecuteAdditionalData {
	return {
		...URLS,
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		variables: {},
		externalSecretsProxy: runtime.container.get(runtime.core.ExternalSecretsProxy),
		logAiEvent: () => {},
		executeWorkflow: unsupported('sub-workflows'),
		executeAgent: unsupported('agents'),
		getRunExecutionData: unsupported('data of other executions'),
		getRuntimeCredential: unsupported('runtime credentials'),
		startRunnerTask: unsupported('task runners (Code node)'),
	};
}

function unsupported(what: string): () => Promise<never> {
	return async () => {
		throw new Error(`The in-process engine does not have ${what}`);
	};
}

type NetworkLogger = ConstructorParameters<typeof OutboundHttp>[2];

export interface EngineServices {
	scope: ServiceScope;
	binaryData: BinaryDataService;
}

/** Creates the n8n services that belong to one engine. Binary data goes to `userFolder`. */
export async function createServices(
	runtime: Runtime,
	userFolder: string,
	{ binaryDataMode = 'filesystem', ssrfProtection }: EngineOptions,
): Promise<EngineServices> {
	const { core, network, container, logger } = runtime;
	const config: BinaryDataConfig = Object.assign(Object.create(runtime.binaryDataConfig), {
		mode: binaryDataMode,
		localStoragePath: join(userFolder, '.n8n', 'storage'),
	});
	const errorReporter = container.get(core.ErrorReporter);
	const binaryData = new core.BinaryDataService(config, errorReporter, logger);
	await binaryData.init();
	const scope = new Map<ServiceClass, object>([
		[core.BinaryDataConfig, config],
		[core.BinaryDataService, binaryData],
		[network.OutboundHttp, createOutboundHttp(runtime, ssrfProtection)],
	]);
	return { scope, binaryData };
}

// n8n reads the guard's settings from N8N_SSRF_*; here they come from the engine's options.
function createOutboundHttp(runtime: Runtime, options: SsrfProtectionOptions | undefined): object {
	const { config, network, container } = runtime;
	// The same class; TypeScript finds its types in another copy of the package than n8n-core.
	const logger = runtime.logger as unknown as NetworkLogger;
	const ssrfConfig = Object.assign(new config.SsrfProtectionConfig(), options, {
		enabled: options !== undefined,
	});
	const dnsResolver = container.get(network.DnsResolver);
	const guard = new network.SsrfProtectionService(ssrfConfig, dnsResolver, logger);
	return new network.OutboundHttp(guard, ssrfConfig, logger);
}

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
