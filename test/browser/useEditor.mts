import { afterAll, afterEach, beforeAll } from 'vitest';

import type { Lab } from '../../dev/n8n/Lab.mts';
import { OWNER } from '../../dev/n8n/N8nClient.mts';
import { EditorPages, type Session } from './EditorPages.mts';
import type { Editor } from './pages/Editor.mts';

export interface EditorOptions {
	colorScheme?: 'light' | 'dark';
	/** Whether n8n knows the user already; true unless a test signs in itself. */
	isSignedIn?: boolean;
}

export type OpenEditor = (options?: EditorOptions) => Promise<Editor>;

/** The editor of the lab's n8n, afresh for each test. A test that fails leaves an image of its page. */
export function useEditor(part: string, lab: () => Lab): OpenEditor {
	let pages: EditorPages;
	let session: Session;

	beforeAll(async () => {
		pages = await EditorPages.launch();
		try {
			session = await signIn(await pages.open(lab().n8n.url, {}));
		} catch (error) {
			await pages.keepImage(`${part} before all tests`);
			throw error;
		} finally {
			await pages.closeAll();
		}
	});
	afterEach(async ({ task }) => {
		if (task.result?.state === 'fail') await pages.keepImage(`${part} ${task.name}`);
		await pages.closeAll();
	});
	afterAll(async () => await pages?.quit());

	return async ({ colorScheme = 'light', isSignedIn = true } = {}) =>
		await pages.open(lab().n8n.url, {
			colorScheme,
			...(isSignedIn ? { storageState: session } : {}),
		});
}

async function signIn(editor: Editor): Promise<Session> {
	await editor.open();
	await editor.signIn.signIn(OWNER);
	return await editor.page.context().storageState();
}
