import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { satisfies }: { satisfies: (version: string, range: string) => boolean } = createRequire(
	import.meta.url,
)('semver');

interface Package {
	version: string;
	engines?: { node?: string };
	deprecated?: string;
	optional?: boolean;
}

async function readJson<Content>(name: string): Promise<Content> {
	return JSON.parse(await readFile(path.join(ROOT, name), 'utf8')) as Content;
}

/** What `npm ci` installs and warns about, without the package itself. */
async function locked(): Promise<Array<[string, Package]>> {
	const { packages } = await readJson<{ packages: Record<string, Package> }>('package-lock.json');
	return Object.entries(packages).filter(([folder]) => folder !== '');
}

describe('`npm ci` prints no wall of warnings', () => {
	it('about deprecated packages, as there are none', async () => {
		const packages = await locked();
		expect(packages.length).toBeGreaterThan(500);
		expect(packages.filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
	});

	// docs/decisions.md says what to do if this fails.
	it('about the Node.js that runs it, from the oldest one that package.json allows', async () => {
		const { engines } = await readJson<Package>('package.json');
		const oldest = engines!.node!.replace('>=', '') + '.19.0';
		const warned = (await locked()).filter(([, entry]) => {
			return entry.engines?.node !== undefined && !satisfies(oldest, entry.engines.node);
		});
		expect(warned).toEqual([]);
	});

	it('although every package suits the Node.js that the scripts run on', async () => {
		const { version } = await readJson<Package>('node_modules/node/package.json');
		const unsuitable: string[] = [];
		let read = 0;
		for (const [folder, { optional }] of await locked()) {
			// Packages for other platforms are not installed.
			const found = await readJson<Package>(`${folder}/package.json`).catch(() => undefined);
			expect(found !== undefined || optional, folder).toBe(true);
			if (found === undefined) continue;
			read++;
			const range = found.engines?.node;
			if (range !== undefined && !satisfies(version, range)) unsuitable.push(`${folder}: ${range}`);
		}
		expect(read).toBeGreaterThan(500);
		expect(unsuitable).toEqual([]);
	});
});
