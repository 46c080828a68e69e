import path from 'node:path';

import { type Browser, type BrowserContextOptions, type Page, selectors } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

import type { Lab } from '../../dev/n8n/Lab.mts';
import { OWNER } from '../../dev/n8n/N8nClient.mts';
import { EVIDENCE } from '../n8n/useLab.mts';
import { launchChromium } from './chromium.mts';
import { Editor } from './pages/Editor.mts';

/** How long the editor may take for one step, in ms. */
const PATIENCE = 60_000;
const SETTINGS: BrowserContextOptions = {
	viewport: { width: 1280, height: 800 },
	locale: 'en-US',
	timezoneId: 'UTC',
};

export interface EditorOptions {
	colorScheme?: 'light' | 'dark';
	/** Whether n8n knows the user already; true unless a test signs in itself. */
	isSignedIn?: boolean;
}

export type OpenEditor = (options?: EditorOptions) => Promise<Editor>;

/** The editor of the lab's n8n, afresh for each test. A test that fails leaves a picture of its page. */
export function useEditor(part: string, lab: () => Lab): OpenEditor {
	let browser: Browser;
	let session: NonNullable<BrowserContextOptions['storageState']>;
	let pages: Page[] = [];

	async function open(options: BrowserContextOptions): Promise<Editor> {
		const context = await browser.newContext({ ...SETTINGS, ...options });
		context.setDefaultTimeout(PATIENCE);
		const page = await context.newPage();
		pages.push(page);
		return new Editor(page, lab().n8n.url);
	}
	async function closeAll(): Promise<void> {
		await Promise.all(pages.map(async (page) => await page.context().close()));
		pages = [];
	}

	beforeAll(async () => {
		selectors.setTestIdAttribute('data-test-id');
		browser = await launchChromium();
		const editor = await open({});
		await editor.open();
		await editor.signIn.signIn(OWNER);
		session = await editor.page.context().storageState();
		await closeAll();
	});
	afterEach(async ({ task }) => {
		const name = `${part}-${task.name.replace(/\W+/g, '-').toLowerCase()}.png`;
		if (task.result?.state === 'fail') {
			await pages.at(-1)?.screenshot({ path: path.join(EVIDENCE, name) });
		}
		await closeAll();
	});
	afterAll(async () => await browser?.close());

	return async ({ colorScheme = 'light', isSignedIn = true } = {}) =>
		await open({ colorScheme, ...(isSignedIn ? { storageState: session } : {}) });
}
