import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { runCommand } from '../../dev/n8n/processes.mts';
import { trackedFiles } from '../../dev/trackedFiles.mts';
import { usersEnvironment } from '../support/usersEnvironment.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FAULTY = {
	'package.json': '{ "name": "some-nodes", "dependencies": { "axios": "1" } }',
	'nodes/Faulty/Faulty.node.ts': `import type { INodeType } from 'n8n-workflow';
export class Faulty implements INodeType {
	description = { displayName: 'Faulty', properties: [
		{ displayName: 'Simplify', name: 'simplify', type: 'boolean', default: true, description: 'Turns it off' },
	] };
	async execute() { setTimeout(() => console.log('late'), 1); return [[]]; }
}
`,
};

/** In a process of its own: under vitest the rules get another parser than they know, and find nothing. */
async function tsx(...parameters: string[]): Promise<string> {
	return await runCommand('npx', ['tsx', ...parameters], { cwd: ROOT, env: usersEnvironment() });
}

describe("n8n's verification scan", () => {
	it('finds nothing in the sources and in the packed package', async () => {
		const told = await tsx('tools/scan/main.mts');
		const tracked = await trackedFiles(ROOT, 'credentials', 'nodes', 'providers', 'transport');
		const scanned = ['package.json', ...tracked.filter((name) => /\.(js|ts|json)$/.test(name))];
		expect(told).toContain(`The sources: ${scanned.length} files, 0 errors, 0 warnings\n`);
		expect(told).toMatch(/^The packed package: \d files, 0 errors, 0 warnings$/m);
	});

	it.each([
		'no-runtime-dependencies',
		'package-name-convention',
		'no-restricted-globals',
		'no-console',
		'node-param-description-boolean-without-whether',
	])('is awake: %s is found where it is broken', async (rule) => {
		expect(await findingsOfFaultyPackage()).toContain(rule);
	});
});

let findings: Promise<string> | undefined;
function findingsOfFaultyPackage(): Promise<string> {
	return (findings ??= scanFaultyPackage());
}

async function scanFaultyPackage(): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-faulty-'));
	try {
		for (const [name, text] of Object.entries(FAULTY)) {
			await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
			await writeFile(path.join(folder, name), text);
		}
		const call = `scanFolder(${JSON.stringify(folder)}, ['**/*.{ts,json}'])`;
		const module = path.join(ROOT, 'tools/scan/scanFolder.mts');
		const script = `import { scanFolder } from ${JSON.stringify(module)};
			const { findings } = await ${call}; console.log(findings.join('\\n'));`;
		await writeFile(path.join(folder, 'scan.mts'), script);
		return await tsx(path.join(folder, 'scan.mts'));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
