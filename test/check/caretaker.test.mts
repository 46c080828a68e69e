import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

import type { Told } from './untidy.mts';

/** In ms. */
const CLEARED_WITHIN = 10_000;

function hasMembers(group: number): boolean {
	try {
		return process.kill(-group, 0);
	} catch {
		return false;
	}
}

it.each([
	{ end: 'killed', signal: 'SIGKILL' },
	{ end: 'interrupted', signal: 'SIGINT' },
	{ end: 'ended by itself', signal: undefined },
] as const)('What a process that was $end had started and made is gone', async ({ signal }) => {
	const child = fork(path.join(import.meta.dirname, 'untidy.mts'), {
		execArgv: ['--import', 'tsx'],
	});
	const [{ folder, group }] = (await once(child, 'message')) as [Told];
	expect([existsSync(folder), hasMembers(group)]).toEqual([true, true]);
	if (signal === undefined) child.send('end');
	else child.kill(signal);
	await expect
		.poll(() => [existsSync(folder), hasMembers(group)], { timeout: CLEARED_WITHIN })
		.toEqual([false, false]);
});
