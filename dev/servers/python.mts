import path from 'node:path';

import { cachedInstall } from '../n8n/installation.mts';
import { runCommand } from '../n8n/processes.mts';
import { NotObtainable } from './recipe.mts';

/**
 * A virtual environment of Python with a package, kept in the cache folder.
 * @param name of the folder; what it holds must follow from it
 * @returns the environment's Python
 * @throws NotObtainable on a machine without Python, or where pip cannot install it
 */
export async function pythonWith(
	name: string,
	requirements: readonly string[],
	environment: NodeJS.ProcessEnv = {},
): Promise<string> {
	const folder = await cachedInstall(name, async (directory) => {
		const target = path.join(directory, 'environment');
		const env = { ...process.env, ...environment };
		try {
			await runCommand('python3', ['-m', 'venv', '--copies', target]);
			const pip = ['-m', 'pip', 'install', '--quiet', ...requirements];
			await runCommand(path.join(target, 'bin/python'), pip, { env });
		} catch (error) {
			throw new NotObtainable(`Python: ${(error as Error).message.slice(-400)}`);
		}
	});
	return path.join(folder, 'environment/bin/python');
}
