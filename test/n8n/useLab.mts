import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, afterEach, beforeAll } from 'vitest';

import { Lab, type LabOptions } from '../../dev/n8n/Lab.mts';

/** Where a failing test leaves what helps to understand it. Not in the package, not in git. */
export const EVIDENCE = path.resolve(import.meta.dirname, '../../output/test-n8n');

/**
 * A lab for the tests of a file, on the n8n that the run is for. n8n's log is kept when one fails.
 *
 * @param options a function where they are known only after the hooks before this one
 */
export function useLab(part: string, options: LabOptions | (() => LabOptions) = {}): () => Lab {
	let lab: Lab;
	beforeAll(async () => {
		const version = process.env['AICHATS_N8N_VERSION'] || undefined;
		lab = await Lab.open({ version, ...(typeof options === 'function' ? options() : options) });
	});
	afterEach(async ({ task }) => {
		if (task.result?.state !== 'fail') return;
		await mkdir(EVIDENCE, { recursive: true });
		await writeFile(path.join(EVIDENCE, `${part}-n8n.log`), await lab.n8n.log());
	});
	afterAll(async () => await lab?.close());
	return () => lab;
}
