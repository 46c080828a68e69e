import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What each folder of shipped code may import: folders of ours, then packages. */
const ALLOWED: Record<string, { folders: string[]; packages: string[] }> = {
	providers: { folders: ['providers'], packages: ['node:crypto'] },
	transport: {
		folders: ['transport', 'providers/Transport', 'providers/errors', 'providers/http'],
		packages: ['n8n-workflow', 'node:crypto'],
	},
	'nodes/shared': {
		folders: ['nodes/shared', 'credentials', 'transport', 'providers'],
		packages: ['n8n-workflow'],
	},
	'nodes/AiChats': {
		folders: ['nodes/AiChats', 'nodes/shared', 'transport', 'providers'],
		packages: ['n8n-workflow'],
	},
	'nodes/LmChatAiChats': {
		folders: ['nodes/LmChatAiChats', 'nodes/shared', 'transport', 'providers'],
		packages: ['n8n-workflow', '@n8n/ai-node-sdk'],
	},
	credentials: {
		folders: [
			'credentials',
			'transport/credential',
			'providers/http',
			'providers/openAiCompatible/endpoints',
		],
		packages: ['n8n-workflow'],
	},
};

/** The modules that a file imports, its own ones as paths from the root. */
function importsOf(file: string): string[] {
	const source = readFileSync(path.join(ROOT, file), 'utf8');
	const specifiers = [...source.matchAll(/(?:from|import|require\()\s*'([^']+)'/g)].map(
		([, name]) => name!,
	);
	return specifiers.map((name) =>
		name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name,
	);
}

function sourcesIn(folder: string): string[] {
	return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => path.posix.join(folder, name));
}

function isAllowed(imported: string, { folders, packages }: (typeof ALLOWED)[string]): boolean {
	return (
		packages.includes(imported) ||
		folders.some((folder) => imported === folder || imported.startsWith(`${folder}/`))
	);
}

describe('import directions', () => {
	it.each(Object.entries(ALLOWED))('%s imports only what it may', (folder, rule) => {
		const files = sourcesIn(folder);
		expect(files.length).toBeGreaterThan(1);
		const strays = files.flatMap((file) =>
			importsOf(file)
				.filter((imported) => !isAllowed(imported, rule))
				.map((imported) => `${file} imports ${imported}`),
		);
		expect(strays).toEqual([]);
	});

	it('has a rule for every folder of shipped code', () => {
		const folders = ['credentials', 'nodes', 'providers', 'transport'].flatMap(sourcesIn);
		const unruled = folders.filter(
			(file) => !Object.keys(ALLOWED).some((folder) => file.startsWith(`${folder}/`)),
		);
		expect(unruled).toEqual([]);
	});
});
