import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { runCommand } from '../../dev/n8n/processes.mts';
import { trackedFiles } from '../../dev/trackedFiles.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REPOSITORY = 'n8n-nodes-aichats/n8n-nodes-aichats';

/** What remark says of the links in pages, as one text; '' when all resolve. */
async function faultyLinks(root: string, pages: string[]): Promise<string> {
	const plugin = `remark-validate-links=root:${JSON.stringify(root)},repository:"${REPOSITORY}"`;
	const switches = ['--no-config', '--no-ignore', '--no-stdout', '--no-color', '--quiet'];
	const files = pages.map((page) => path.join(root, page));
	const parameters = [...switches, '--frail', '--use', plugin, ...files];
	// Its plugin is found from the folder it runs in.
	const cwd = path.join(ROOT, 'tools');
	return await runCommand('node_modules/.bin/remark', parameters, { cwd }).then(
		() => '',
		({ message }: Error) => message,
	);
}

/** How GitHub names the anchor of a heading. */
function anchor(heading: string): string {
	const kept = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
	return kept.trim().replaceAll(' ', '-');
}

async function readAll(names: string[]): Promise<Array<{ name: string; text: string }>> {
	const read = async (name: string) => ({
		name,
		text: await readFile(path.join(ROOT, name), 'utf8'),
	});
	return await Promise.all(names.map(read));
}

describe('Links', () => {
	it('in every page lead to a file and a heading that are there', async () => {
		const pages = await trackedFiles(ROOT, '*.md');
		expect(pages.length).toBeGreaterThan(10);
		expect(await faultyLinks(ROOT, pages)).toBe('');
	});

	it('written as HTML do so too', async () => {
		const pages = await readAll(await trackedFiles(ROOT, '*.md'));
		const missing = pages.flatMap(({ name, text }) =>
			[...text.matchAll(/\b(?:src|href|srcset)="([^"#:]+)"/g)]
				.map(([, target]) => path.join(path.dirname(name), target!))
				.filter((target) => !existsSync(path.join(ROOT, target)))
				.map((target) => `${name}: ${target}`),
		);
		expect(missing).toEqual([]);
	});

	it('to the README from code and metadata lead to a heading that is there', async () => {
		const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
		const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, words]) => anchor(words!));
		const sources = await readAll(await trackedFiles(ROOT, '*.ts', '*.json', '*.md', '*.yml'));
		const links = sources.flatMap(({ name, text }) =>
			[...text.matchAll(new RegExp(`github\\.com/${REPOSITORY}#([\\w-]+)`, 'g'))].map(
				([, target]) => ({ name, target }),
			),
		);
		expect(links.length).toBeGreaterThan(4);
		const lost = links.filter(({ target }) => ![...headings, 'readme'].includes(target!));
		expect(lost).toEqual([]);
	});
});

describe('The check of links', () => {
	it.each([
		['another page', '[a](other.md)', 'other.md'],
		['a heading here', '[a](#nowhere)', '#nowhere'],
		['a heading of another page', '[a](page.md#nowhere)', '#nowhere'],
		['an image', '![a](image.png)', 'image.png'],
		['our own repository', `[a](https://github.com/${REPOSITORY}/blob/main/b.md)`, 'b.md'],
	])('finds a broken one to %s', async (_what, link, words) => {
		const folder = await mkdtemp(path.join(os.tmpdir(), 'aichats-links-'));
		try {
			await writeFile(path.join(folder, 'page.md'), '# A page\n');
			await writeFile(path.join(folder, 'index.md'), `# Here\n\n${link} [fine](page.md#a-page)\n`);
			const told = await faultyLinks(folder, ['index.md', 'page.md']);
			expect(told).toMatch(/1 warning\b/);
			expect(told).toContain(words);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
});
