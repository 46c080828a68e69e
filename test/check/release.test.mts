import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { runCommand } from '../../dev/n8n/processes.mts';
import { trackedFiles } from '../../dev/trackedFiles.mts';
import { datedChangelog } from '../../tools/release/datedChangelog.mts';
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

	it('publish only what a job without rights has packed, from a version tag on main', async () => {
		const publish = await read('.github/workflows/publish.yml');
		const [, triggers] = /^on:\n((?: +.*\n)+)/m.exec(publish)!;
		expect(triggers).toMatch(/^ {2}push:\n {4}tags: \[.*\]\n$/);
		expect(publish).toMatch(/^permissions: \{\}$/m);
		const [pack, upload] = publish.split(/^ {2}publish:$/m);
		expect(pack).toContain('npm ci');
		expect(pack).toContain('git merge-base --is-ancestor');
		expect(pack).not.toContain('id-token');
		expect(upload).toContain('id-token: write');
		expect(upload).toMatch(/^ {4}environment: \w+$/m);
		expect(upload).not.toMatch(/checkout|npm (ci|install|run|test)/);
		expect(upload).toMatch(/npm publish .*--provenance/);
		expect(publish).not.toMatch(/secrets\./);
	});

	it('run in no container that could change', async () => {
		const workflows = await trackedFiles(ROOT, '.github/workflows/*.yml');
		const texts = await Promise.all(workflows.map(read));
		const images = texts.flatMap((text) => [...text.matchAll(/(?:container|image): (\S+)/g)]);
		expect(images.filter(([, image]) => !image!.includes('@sha256:'))).toEqual([]);
	});

	it('have the right to write nowhere else', async () => {
		const workflows = await trackedFiles(ROOT, '.github/workflows/*.yml');
		const rights = (await Promise.all(workflows.map(read))).flatMap((text) => [
			...text.matchAll(/^ +([\w-]+): write$/gm),
		]);
		expect(rights.map(([, right]) => right)).toEqual(['id-token']);
	});
});
