import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Ids of the process and of all processes that it and they have started. */
export async function descendants(pid: number): Promise<number[]> {
	const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
	const all = stdout
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number));
	const found = [pid];
	for (const parent of found) {
		found.push(...all.filter(([, its]) => its === parent).map(([child]) => child as number));
	}
	return found;
}

/** Those of the processes that still run. */
export function alive(pids: readonly number[]): number[] {
	return pids.filter((pid) => {
		try {
			return process.kill(pid, 0);
		} catch {
			return false;
		}
	});
}
