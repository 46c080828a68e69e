import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import type { EngineCredentialsHelper } from './credentialsHelper.mts';
import type { Runtime } from './runtime.mts';

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

/** What n8n-core gets from the server around it. What needs a real server fails by its name. */
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
