import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

import { usersEnvironment } from '../support/usersEnvironment.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

describe("n8n's strict lint", () => {
	it('finds nothing in what is shipped', async () => {
		const env = usersEnvironment();
		// Both streams: a rule's findings and a failure of the tool itself.
		const { stdout, stderr } = await run('npx', ['n8n-node', 'lint'], { cwd: ROOT, env }).catch(
			(failure: { stdout: string; stderr: string }) => failure,
		);
		expect(stdout + stderr).not.toMatch(/\d+ problems?|error/i);
	});

	it('is switched off nowhere', async () => {
		const { stdout } = await run('git', ['grep', '-lE', 'eslint-disable', '--', '*.ts'], {
			cwd: ROOT,
		}).catch((error: { stdout: string }) => error);
		expect(stdout).toBe('');
	});

	it("uses the template's own configuration", async () => {
		const template = 'node_modules/@n8n/node-cli/dist/template/templates/shared/default';
		const ours = await readFile(path.join(ROOT, 'eslint.config.mjs'), 'utf8');
		const theirs = await readFile(path.join(ROOT, template, 'eslint.config.mjs'), 'utf8');
		expect(ours).toBe(theirs);
	});
});
