import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testCredential } from './credentialTest.mts';
import { startExecution } from './execution.mts';
import { loadOptions, searchList } from './nodeMethods.mts';
import { createParts, type EngineParts } from './parts.mts';
import type { Engine, EngineOptions, RunningExecution } from './types.mts';

export interface UserFolder {
	path: string;
	/** Does nothing to a folder that the caller chose. */
	remove(): Promise<void>;
}

export async function prepareUserFolder(chosen?: string): Promise<UserFolder> {
	if (chosen !== undefined) {
		await mkdir(chosen, { recursive: true });
		return { path: chosen, remove: async () => {} };
	}
	const path = await mkdtemp(join(tmpdir(), 'n8n-engine-'));
	return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export type * from './types.mts';

/**
 * Makes an engine that runs workflows on n8n-core in this process, with real sockets and files.
 *
 * Engines do not see each other's types, credentials, files and network guard, and their runs
 * may overlap. n8n's logger, instance id, and encryption key exist once per process. Expressions
 * are evaluated by n8n's in-process evaluator, not in its isolated one.
 *
 * @throws Error when the package cannot be loaded
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
	const userFolder = await prepareUserFolder(options.userFolder);
	try {
		const parts = await createParts(options, userFolder.path);
		return assembleEngine(parts, userFolder.remove);
	} catch (error) {
		await userFolder.remove();
		throw error;
	}
}

function assembleEngine(parts: EngineParts, removeFolder: () => Promise<void>): Engine {
	const running = new Set<RunningExecution>();
	let executions = 0;

	const start: Engine['start'] = (workflow, runOptions = {}) => {
		const execution = startExecution(parts, String(++executions), workflow, runOptions);
		running.add(execution);
		const forget = () => running.delete(execution);
		execution.finished.then(forget, forget);
		return execution;
	};

	return {
		start,
		run: async (workflow, runOptions) => await start(workflow, runOptions).finished,
		testCredential: (type, data) => testCredential(parts, type, data),
		searchList: (...request) => searchList(parts, ...request),
		loadOptions: (...request) => loadOptions(parts, ...request),
		async close() {
			for (const execution of running) execution.cancel();
			await Promise.allSettled([...running].map(({ finished }) => finished));
			await removeFolder();
		},
	};
}
