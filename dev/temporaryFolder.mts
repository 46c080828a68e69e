import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { removeFolderAfterwards } from './caretaker/caretaker.mts';

export interface TemporaryFolder {
	path: string;
	remove(): Promise<void>;
}

/** A folder of its own, which goes with this process at the latest. @param name what its name begins with */
export async function makeTemporaryFolder(name: string): Promise<TemporaryFolder> {
	const folder = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
	const forget = removeFolderAfterwards(folder);
	return {
		path: folder,
		remove: async () => {
			await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
			forget();
		},
	};
}
