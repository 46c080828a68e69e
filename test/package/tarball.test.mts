import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** 75,000 were wanted; what the package can do takes more. It should grow no further without a reason. */
const MAX_TARBALL_BYTES = 82_000;
const run = promisify(execFile);

interface Tarball {
	size: number;
	files: Array<{ path: string; size: number }>;
}

describe('the tarball', () => {
	let tarball: Tarball;

	beforeAll(async () => {
		const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT });
		// npm 11 answers with a list, later ones with an object by package name.
		const answer = JSON.parse(stdout) as Tarball[] | Record<string, Tarball>;
		tarball = Object.values(answer)[0]!;
	});

	it(`is smaller than ${MAX_TARBALL_BYTES} bytes packed`, () => {
		expect(tarball.size).toBeLessThan(MAX_TARBALL_BYTES);
	});

	it('holds the built package and nothing else', () => {
		const strays = tarball.files
			.map((file) => file.path)
			.filter(
				(name) =>
					!/^(dist\/(nodes|credentials|icons)\/|package\.json$|README\.md$|LICENSE\.md$)/.test(
						name,
					),
			);
		expect(strays).toEqual([]);
	});

	it('holds no map, test, type or build file', () => {
		const strays = tarball.files.filter(({ path: name }) =>
			/\.(map|d\.ts|tsbuildinfo|mts|test\.js)$/.test(name),
		);
		expect(strays).toEqual([]);
	});

	it('holds every file that package.json names to n8n', async () => {
		const { n8n } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
		const named = [...n8n.nodes, ...n8n.credentials];
		expect(named.length).toBeGreaterThan(2);
		expect(tarball.files.map((file) => file.path)).toEqual(expect.arrayContaining(named));
	});

	it.each([
		'dist/nodes/AiChats/AiChats.node.json',
		'dist/nodes/AiChats/__schema__/v1.0.0/chat.json',
		'dist/nodes/AiChats/__schema__/v1.0.0/image.json',
	])('holds %s', (name) => {
		expect(tarball.files.map((file) => file.path)).toContain(name);
	});

	describe('its code', () => {
		let code: Array<{ name: string; text: string }>;

		beforeAll(async () => {
			const names = tarball.files.map((file) => file.path).filter((name) => name.endsWith('.js'));
			code = await Promise.all(
				names.map(async (name) => ({ name, text: await readFile(path.join(ROOT, name), 'utf8') })),
			);
		});

		it('is one file, and one for each node and credential that leads to it', () => {
			expect(code.length).toBeGreaterThan(4);
			expect(code.length).toBeLessThan(8);
			expect(code.filter(({ text }) => !text.startsWith('"use strict";'))).toEqual([]);
		});

		it('asks for files of ours that are there, for Node.js and for what n8n brings', () => {
			const wanted = code.flatMap(({ name, text }) =>
				[...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, target = '']) =>
					target.startsWith('.') ? path.posix.join(path.posix.dirname(name), target) : target,
				),
			);
			const known = ['n8n-workflow', '@n8n/ai-node-sdk', ...code.map(({ name }) => name)];
			expect(wanted).toEqual(expect.arrayContaining(['n8n-workflow', 'dist/nodes/all.js']));
			expect(wanted.filter((name) => !known.includes(name) && !name.startsWith('node:'))).toEqual(
				[],
			);
		});

		// n8n leads to its own modules by NODE_PATH, which only `require` heeds.
		it('imports nothing', () => {
			expect(code.filter(({ text }) => /\bimport\(|^import\b/m.test(text))).toEqual([]);
		});
	});

	it('holds the icons', async () => {
		for (const name of await readdir(path.join(ROOT, 'icons'))) {
			const built = await readFile(path.join(ROOT, 'dist/icons', name), 'utf8');
			expect(built).toMatch(/^<svg [^>]*viewBox="0 0 60 60"/);
		}
	});
});

describe('package.json', () => {
	it('has no runtime dependency, and n8n only as a peer', async () => {
		const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
		expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
		expect(Object.keys(manifest.peerDependencies)).toEqual(['@n8n/ai-node-sdk', 'n8n-workflow']);
		expect(manifest.n8n.strict).toBe(true);
	});
});
