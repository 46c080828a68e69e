import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The project's files that match the patterns, as git sees them: new ones too, ignored ones not.
 * @param patterns as `git ls-files` takes them, e.g. `*.md` at any depth
 * @returns paths from the root, with `/`
 */
export async function trackedFiles(root: string, ...patterns: string[]): Promise<string[]> {
	const { stdout } = await promisify(execFile)(
		'git',
		['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...patterns],
		{ cwd: root },
	);
	return [...new Set(stdout.split('\0').filter((name) => name !== ''))].sort();
}
