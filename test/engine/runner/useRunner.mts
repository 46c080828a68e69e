import { afterEach, beforeEach } from 'vitest';

import { createEngine, type Engine, type EngineOptions } from '../../../dev/engine/index.mts';

import { answer, startServer } from './server.mts';
import { testPackage } from './testPackage.mts';

/** A fresh server for each test, and engines that are closed behind it. */
export function useRunner() {
	let server: Awaited<ReturnType<typeof startServer>>;
	const engines: Engine[] = [];

	async function engineWith(options: Partial<EngineOptions> = {}): Promise<Engine> {
		const engine = await createEngine({
			package: testPackage,
			credentials: {
				'cred-1': { type: 'testApi', data: { key: '={{ "k-" + $json.tenant }}', url: server.url } },
			},
			...options,
		});
		engines.push(engine);
		return engine;
	}

	beforeEach(async () => {
		server = await startServer(answer);
	});

	afterEach(async () => {
		await Promise.all(engines.splice(0).map((engine) => engine.close()));
		await server.close();
	});

	return { engineWith, server: () => server };
}
