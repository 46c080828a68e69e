import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { runCommand } from '../../dev/n8n/processes.mts';
import { datedChangelog } from '../../dev/release/datedChangelog.mts';
import { trackedFiles } from '../../dev/trackedFiles.mts';
import { usersEnvironment } from '../support/usersEnvironment.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');

async function read(name: string): Promise<string> {
	return await readFile(path.join(ROOT, name), 'utf8');
}

const { version } = JSON.parse(await read('package.json')) as { version: string };
const next = `${Number(version.split('.')[0]) + 1}.0.0`;

async function git(...words: string[]): Promise<string> {
	return await runCommand('git', words, { cwd: ROOT });
}

describe('A rehearsed release', () => {
	it('goes all the way to the upload and leaves no trace here', { timeout: 600_000 }, async () => {
		const before = await Promise.all([git('tag'), git('branch', '--all'), git('remote')]);
		const told = await runCommand('npm', ['run', 'release', '--', 'major', '--dry-run'], {
			cwd: ROOT,
			env: usersEnvironment(),
		});
		expect(told).toMatch(new RegExp(`^Release ${next}$`, 'm'));
		expect(told).toMatch(/^ CHANGELOG\.md +\| .*\n package-lock\.json +\| .*\n package\.json +\|/m);
		expect(told).toMatch(/^ 3 files changed/m);
		expect(told).toMatch(new RegExp(`^Pushed: [0-9a-f]{40}\trefs/tags/${next}$`, 'm'));
		expect(told).toMatch(new RegExp(`^\\+ n8n-nodes-aichats@${next}$`, 'm'));
		expect(await Promise.all([git('tag'), git('branch', '--all'), git('remote')])).toEqual(before);
		expect(await read('package.json')).toContain(`"version": "${version}"`);
	});

	it.each([
		['branch', 'main'],
		['tag', '9.9.9'],
	])('is refused in a workflow that runs for the %s %s', async (type, name) => {
		const actions = {
			GITHUB_ACTIONS: 'true',
			GITHUB_REF_TYPE: type,
			GITHUB_REF_NAME: name,
			// Were it let through, nothing would leave this machine.
			npm_config_registry: 'http://127.0.0.1:9/',
		};
		const env = { ...usersEnvironment(), ...actions };
		await expect(runCommand('npm', ['run', 'release'], { cwd: ROOT, env })).rejects.toThrow(
			`Version ${version} is published from the tag ${version}, not from ${name}`,
		);
	});
});

describe('The changelog', () => {
	it('gets version and day in place of "Unreleased"', () => {
		const changelog =
			'# Changelog\n\n## Unreleased\n\nBetter.\n\n## 0.1.0 (2026-01-01)\n\nFirst.\n';
		expect(datedChangelog(changelog, '0.2.0', '2026-02-03')).toBe(
			changelog.replace('## Unreleased', '## 0.2.0 (2026-02-03)'),
		);
	});

	it.each(['# Changelog\n\n## 0.1.0\n\nFirst.\n', '## Unreleased\n\n## 0.1.0\n\nFirst.\n'])(
		'must have something to tell: %j',
		(changelog) => expect(() => datedChangelog(changelog, '1.0.0', '2026-01-01')).toThrow(),
	);
});

describe('The workflows', () => {
	it('pin every action to a full commit, with its version', async () => {
		const workflows = await trackedFiles(ROOT, '.github/workflows/*.yml');
		expect(workflows.length).toBeGreaterThan(1);
		const uses = (await Promise.all(workflows.map(read))).flatMap((text) =>
			[...text.matchAll(/\buses: (.+)$/gm)].map(([, action]) => action!),
		);
		expect(uses.length).toBeGreaterThan(5);
		const loose = uses.filter(
			(action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action),
		);
		expect(loose).toEqual([]);
		expect(new Set(uses).size).toBe(new Set(uses.map((action) => action.split('@')[0])).size);
	});

	it('publish from a version tag only, with a statement of where it comes from', async () => {
		const publish = await read('.github/workflows/publish.yml');
		const [, triggers] = /^on:\n((?: +.*\n)+)/m.exec(publish)!;
		expect(triggers).toMatch(/^ {2}push:\n {4}tags: \[.*\]\n$/);
		expect(publish).toMatch(/^permissions: \{\}$/m);
		expect(publish).toMatch(/^ +id-token: write$/m);
		expect(publish).toMatch(/^ +run: npm run release$/m);
		expect(publish).not.toMatch(/secrets\./);
	});

	it('have the right to write nowhere else', async () => {
		const workflows = await trackedFiles(ROOT, '.github/workflows/*.yml');
		const rights = (await Promise.all(workflows.map(read))).flatMap((text) => [
			...text.matchAll(/^ +([\w-]+): write$/gm),
		]);
		expect(rights.map(([, right]) => right)).toEqual(['id-token']);
	});
});
