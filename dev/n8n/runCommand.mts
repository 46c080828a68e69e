import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { onExit } from '../onExit.mts';

const LONGEST_OUTPUT = 64 * 1024 * 1024;

/** Runs a program to its end. @throws Error with what it printed when it fails @returns its output */
export async function runCommand(
	program: string,
	parameters: string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number } = {},
): Promise<string> {
	const running = promisify(execFile)(program, parameters, {
		...options,
		maxBuffer: LONGEST_OUTPUT,
	});
	const forget = onExit(() => running.child.kill());
	try {
		return (await running).stdout;
	} catch (error) {
		// The message ends with what was printed as errors.
		const { message, stdout } = error as Error & { stdout?: string };
		throw new Error([message, stdout].filter(Boolean).join('\n'));
	} finally {
		forget();
	}
}
