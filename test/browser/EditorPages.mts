import path from 'node:path';

import { type Browser, type BrowserContextOptions, type Page, selectors } from 'playwright-core';

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

export type Session = NonNullable<BrowserContextOptions['storageState']>;

/** A browser whose pages show n8n's editor and know nothing of each other. */
export class EditorPages {
	private pages: Page[] = [];

	private constructor(private readonly browser: Browser) {}

	/** @throws Error that says how to install Chromium where there is none */
	static async launch(): Promise<EditorPages> {
		selectors.setTestIdAttribute('data-test-id');
		return new EditorPages(await launchChromium());
	}

	/** @param url address of n8n */
	async open(url: string, options: BrowserContextOptions): Promise<Editor> {
		const context = await this.browser.newContext({ ...SETTINGS, ...options });
		context.setDefaultTimeout(PATIENCE);
		const page = await context.newPage();
		this.pages.push(page);
		return new Editor(page, url);
	}

	/** Keeps what the newest page shows, for whoever looks into a failure. */
	async keepPicture(occasion: string): Promise<void> {
		const name = `${occasion.replace(/\W+/g, '-').toLowerCase()}.png`;
		await this.pages.at(-1)?.screenshot({ path: path.join(EVIDENCE, name) });
	}

	async closeAll(): Promise<void> {
		await Promise.all(this.pages.map(async (page) => await page.context().close()));
		this.pages = [];
	}

	async quit(): Promise<void> {
		await this.browser.close();
	}
}
