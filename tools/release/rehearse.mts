import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { runCommand } from '../../dev/n8n/processes.mts';
import { hasNews } from './datedChangelog.mts';

/** The program, from the root. */
export const RELEASE_IT = 'tools/node_modules/.bin/release-it';
/** Nothing answers here: what a rehearsal would send to npm goes nowhere. */
const NO_REGISTRY = 'http://127.0.0.1:9/';
const RELEASER = {
	GIT_AUTHOR_NAME: 'Rehearsal',
	GIT_AUTHOR_EMAIL: 'rehearsal@example.com',
	GIT_COMMITTER_NAME: 'Rehearsal',
	GIT_COMMITTER_EMAIL: 'rehearsal@example.com',
};

/**
 * Goes through a release of what is committed: version, changelog, commit, tag and push to a repository
 * of its own, then the publishing workflow's step up to the upload. release-it's own dry run would not
 * do: it raises the version in the folder it runs in.
 * @param steps what release-it is told of the version
 * @throws Error with what was printed, of the step that fails
 */
export async function rehearse(
	root: string,
	steps: string[],
	onLine: (line: string) => void,
): Promise<void> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-release-'));
	try {
		const copy = await copyProject(root, folder);
		await inventNews(copy, onLine);
		onLine('Raising the version, dating the changelog, tagging and pushing to a copy ...');
		const bump = ['--ci', '--hooks.before:init=', ...steps];
		await runCommand(path.join(root, RELEASE_IT), bump, {
			cwd: copy,
			env: { ...process.env, ...RELEASER },
		});
		const git = async (...words: string[]) => await runCommand('git', words, { cwd: copy });
		onLine((await git('show', '--stat', '--format=%s', 'HEAD')).trim());
		const tag = (await git('describe', '--tags', '--exact-match')).trim();
		onLine(`Pushed: ${(await git('ls-remote', '--tags', 'origin', tag)).trim()}`);
		onLine('Building, packing and publishing as the workflow does, without the upload ...');
		onLine(await publishDry(copy, tag));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** A clone whose remote is a repository beside it, on the branch that releases are made from. */
async function copyProject(root: string, folder: string): Promise<string> {
	const remote = path.join(folder, 'remote.git');
	const copy = path.join(folder, 'copy');
	const git = async (...words: string[]) => await runCommand('git', words, { cwd: root });
	await git('init', '--quiet', '--bare', '--initial-branch=main', remote);
	// A workflow's checkout has no history.
	await git('-C', remote, 'config', 'receive.shallowUpdate', 'true');
	await git('push', '--quiet', remote, 'HEAD:refs/heads/main');
	await git('clone', '--quiet', remote, copy);
	for (const folder of ['node_modules', 'tools/node_modules']) {
		await symlink(path.join(root, folder), path.join(copy, folder));
	}
	return copy;
}

/** A release needs something to tell; right after one there is nothing. */
async function inventNews(copy: string, onLine: (line: string) => void): Promise<void> {
	const file = path.join(copy, 'CHANGELOG.md');
	const changelog = await readFile(file, 'utf8');
	if (hasNews(changelog)) return;
	onLine('CHANGELOG.md has nothing under "Unreleased": for the rehearsal something is made up.');
	await writeFile(file, changelog.replace(/^(?=## )/m, '## Unreleased\n\nA rehearsal.\n\n'));
	const env = { ...process.env, ...RELEASER };
	await runCommand('git', ['commit', '--quiet', '--all', '-m', 'News'], { cwd: copy, env });
}

/** As the workflow does: packs once, and publishes the packed package and nothing else. */
async function publishDry(copy: string, tag: string): Promise<string> {
	const env = { ...process.env, npm_config_fetch_retries: '0', npm_config_registry: NO_REGISTRY };
	await runCommand('npm', ['run', 'build'], { cwd: copy, env: { ...env, CI: 'true' } });
	const packed = await runCommand('npm', ['pack', '--silent'], { cwd: copy, env });
	const distTag = tag.includes('-') ? 'next' : 'latest';
	const publish = ['publish', `./${packed.trim()}`, '--dry-run', '--tag', distTag];
	const told = await runCommand('npm', publish, { cwd: copy, env });
	return told.split('\n').findLast((line) => line.startsWith('+ ')) ?? told;
}
