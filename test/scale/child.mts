import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Runs a script of this folder as a process of its own, with these arguments. */
export function startChild(
	script: string,
	parameters: string[],
	flags: string[] = [],
): ChildProcess {
	return fork(path.join(import.meta.dirname, script), parameters, {
		execArgv: ['--import', 'tsx', ...flags],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
}

/** The next thing that the child tells. @throws Error when it ends before */
export async function told<T>(child: ChildProcess): Promise<T> {
	const ended = new AbortController();
	const end = (code: number | null) => ended.abort(new Error(`The child ended with code ${code}`));
	child.once('exit', end);
	try {
		const [message] = (await once(child, 'message', { signal: ended.signal })) as [T];
		return message;
	} finally {
		child.off('exit', end);
	}
}

/** @returns its exit code */
export async function untilEnded(child: ChildProcess): Promise<number | null> {
	if (child.exitCode !== null) return child.exitCode;
	const [code] = (await once(child, 'exit')) as [number | null];
	return code;
}
