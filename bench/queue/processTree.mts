import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** Fields of /proc/<pid>/stat behind the command's name: proc(5) counts from 1 and the name is 2. */
const PARENT = 4 - 3;
/** User and system time of the process itself, and of its children that have ended. */
const TIMES = [14, 15, 16, 17].map((field) => field - 3);

interface ProcessTimes {
	pid: number;
	parent: number;
	ticks: number;
}

/**
 * CPU time of a process and of all that descend from it, those that have ended included, in ms. By group
 * it would not do: each of PostgreSQL's processes is a group of its own.
 */
export async function treeCpu(root: number): Promise<number> {
	const ticks = treeOf(root, await allProcesses()).reduce((sum, process) => sum + process.ticks, 0);
	return (ticks * 1000) / TICKS_PER_SECOND;
}

/** Ids of the processes that a process has started and that still run. */
export async function childrenOf(parent: number): Promise<number[]> {
	return (await allProcesses()).filter((one) => one.parent === parent).map(({ pid }) => pid);
}

async function allProcesses(): Promise<ProcessTimes[]> {
	const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	return await Promise.all(names.map(timesOf));
}

function treeOf(root: number, processes: ProcessTimes[]): ProcessTimes[] {
	const own = processes.filter(({ pid }) => pid === root);
	const children = processes.filter(({ parent }) => parent === root);
	return [...own, ...children.flatMap(({ pid }) => treeOf(pid, processes))];
}

async function timesOf(name: string): Promise<ProcessTimes> {
	// The process may have ended since its folder was listed.
	const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const ticks = TIMES.reduce((sum, field) => sum + Number(fields[field] ?? 0), 0);
	return { pid: Number(name), parent: Number(fields[PARENT] ?? 0), ticks };
}
