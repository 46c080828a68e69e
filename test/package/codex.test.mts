import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

const NODES = path.resolve(import.meta.dirname, '../../nodes');

interface Codex {
	node: string;
	categories: string[];
	subcategories: Record<string, string[]>;
}

async function codexOf(name: string): Promise<Codex> {
	const text = await readFile(path.join(NODES, name, `${name}.node.json`), 'utf8');
	return JSON.parse(text) as Codex;
}

describe.each(['AiChats', 'LmChatAiChats'])('The codex of %s', (name) => {
	it('names its node', async () => {
		const { node } = await codexOf(name);
		expect(node.toLowerCase()).toBe(`n8n-nodes-aichats.${name.toLowerCase()}`);
	});

	// Of the category AI, the search of n8n's editor finds nothing else in a workflow without AI nodes.
	it('puts it among the root nodes, so that it is found', async () => {
		const { categories, subcategories } = await codexOf(name);
		expect(categories).toContain('AI');
		expect(subcategories['AI']).toContain('Root Nodes');
	});
});
