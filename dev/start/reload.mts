import type { OnLine } from '../n8n/cachedInstall.mts';
import { packPackage, unpackOver } from '../n8n/packPackage.mts';

/** Makes n8n load packages again whose files change, and tell its open editors. */
export const RELOADING = { N8N_DEV_RELOAD: 'true' };

/** Builds the package again and hands it to the n8n of that folder. Says what fails; n8n keeps the old one then. */
export async function reload(folder: string, onLine: OnLine): Promise<void> {
	const started = Date.now();
	try {
		await unpackOver(await packPackage(folder, onLine), folder);
		const seconds = ((Date.now() - started) / 1000).toFixed(1);
		onLine(`n8n has the new one after ${seconds} s.`);
	} catch (error) {
		onLine((error as Error).message);
	}
}
