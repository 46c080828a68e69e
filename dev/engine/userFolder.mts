import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface UserFolder {
	path: string;
	/** Does nothing to a folder that the caller chose. */
	remove(): Promise<void>;
}

export async function prepareUserFolder(chosen?: string): Promise<UserFolder> {
	if (chosen !== undefined) {
		await mkdir(chosen, { recursive: true });
		return { path: chosen, remove: async () => {} };
	}
	const path = await mkdtemp(join(tmpdir(), 'n8n-engine-'));
	return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
