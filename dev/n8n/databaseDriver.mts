import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedInstall, npm, type OnLine } from './cachedInstall.mts';

const NAME = 'sqlite3';
const BUILT = 'build/Release/node_sqlite3.node';

/** Gives an n8n that was installed without scripts the driver of its database, built once for all that have the same. */
export async function addDatabaseDriver(folder: string, onLine: OnLine): Promise<void> {
	const place = path.join(folder, 'node_modules', NAME);
	const manifest = await readFile(path.join(place, 'package.json'), 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	const kept = await cachedInstall(`${NAME}-${version}`, async (into) => {
		onLine(`Building its database driver, ${NAME} ${version}, once ...`);
		await npm(folder, ['rebuild', NAME], onLine);
		await copyFile(path.join(place, BUILT), path.join(into, path.basename(BUILT)));
	});
	await mkdir(path.dirname(path.join(place, BUILT)), { recursive: true });
	await copyFile(path.join(kept, path.basename(BUILT)), path.join(place, BUILT));
}
