import { join } from 'node:path';

import type { OutboundHttp } from '@n8n/backend-network';
import type { BinaryDataConfig, BinaryDataService } from 'n8n-core';

import type { Runtime } from './runtime.mts';
import type { ServiceClass, ServiceScope } from './scope.mts';
import type { EngineOptions, SsrfProtectionOptions } from './types.mts';

type NetworkLogger = ConstructorParameters<typeof OutboundHttp>[2];

export interface EngineServices {
	scope: ServiceScope;
	binaryData: BinaryDataService;
}

/** Makes the n8n services that one engine has to itself. Binary data goes to `userFolder`. */
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
