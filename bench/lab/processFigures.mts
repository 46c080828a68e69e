import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const KILOBYTE = 1024;
/** Fields of /proc/<pid>/stat behind the command's name: proc(5) counts from 1 and the name is 2. */
const GROUP = 5 - 3;
const USER_TIME = 14 - 3;
const SYSTEM_TIME = 15 - 3;
/** What written to /proc/<pid>/clear_refs lets the peak begin again at what is resident now. */
const RESET_PEAK = '5';

/** CPU time of all processes of a group, in ms; those that have ended are missing. */
export async function groupCpu(group: number): Promise<number> {
	const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const ticks = await Promise.all(names.map(async (name) => await ticksOf(name, group)));
	return (ticks.reduce((sum, one) => sum + one, 0) * 1000) / TICKS_PER_SECOND;
}

async function ticksOf(pid: string, group: number): Promise<number> {
	// The process may have ended since its folder was listed.
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	if (Number(fields[GROUP]) !== group) return 0;
	return Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
}

/** Resident memory of a process in bytes: now, and its peak since the last `resetPeak`. */
export async function residentMemory(pid: number): Promise<{ now: number; peak: number }> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	const bytes = (name: string) =>
		Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * KILOBYTE;
	return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}

/** The kernel keeps the peak: nothing that happens between two samples is missed. */
export async function resetPeak(pid: number): Promise<void> {
	await writeFile(`/proc/${pid}/clear_refs`, RESET_PEAK);
}
