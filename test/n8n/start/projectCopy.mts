import { cp, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** What is made by commands, and so is not in a fresh clone. */
const MADE = new Set(['.git', 'coverage', 'dist', 'node_modules', 'output']);

/** A copy of the project as a fresh clone has it after `npm ci`, to be changed by a test. */
export async function copyProject(into: string): Promise<void> {
	const names = (await readdir(ROOT)).filter((name) => !MADE.has(name));
	for (const name of names) {
		await cp(path.join(ROOT, name), path.join(into, name), { recursive: true });
	}
	await symlink(path.join(ROOT, 'node_modules'), path.join(into, 'node_modules'));
}
