import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import {
	type Browser,
	type BrowserContextOptions,
	chromium,
	type Page,
	selectors,
} from 'playwright-core';

import { EVIDENCE } from '../n8n/useLab.mts';
import { Editor } from './pages/Editor.mts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
	'/usr/bin',
	'/usr/local/bin',
	'/snap/bin',
	'/Applications/Chromium.app/Contents/MacOS',
];
const MISSING = `No Chromium was found. On Debian and Ubuntu 'apt-get install chromium' brings it; AICHATS_CHROMIUM can name the program of another one.`;

const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-quic',
	'--no-first-run',
	'--disable-component-update',
	'--disable-sync',
	// n8n's editor asks n8n.io for this and that; without an answer it works as well.
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** This machine's Chromium, without a window. @throws Error that says how to install it */
export async function launchChromium(): Promise<Browser> {
	return await chromium.launch({ executablePath: await findChromium(), args: FLAGS });
}

async function findChromium(): Promise<string> {
	const { AICHATS_CHROMIUM, PATH = '' } = process.env;
	if (AICHATS_CHROMIUM) return path.resolve(AICHATS_CHROMIUM);
	const folders = [...PATH.split(path.delimiter), ...PLACES];
	for (const file of folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)))) {
		if (await isProgram(file)) return file;
	}
	throw new Error(MISSING);
}

async function isProgram(file: string): Promise<boolean> {
	return await access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}

/** How long the editor may take for one step, in ms. */
const PATIENCE = 60_000;
const SETTINGS: BrowserContextOptions = {
	// So wide that n8n's panels cut nothing off.
	viewport: { width: 1440, height: 900 },
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
	async keepImage(occasion: string): Promise<void> {
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
