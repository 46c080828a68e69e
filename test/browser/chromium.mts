import { access, constants } from 'node:fs/promises';
import path from 'node:path';

import { type Browser, chromium } from 'playwright-core';

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
