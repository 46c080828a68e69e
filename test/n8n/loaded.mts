import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { expect } from 'vitest';

import type { Lab } from '../../dev/n8n/Lab.mts';
import type { N8nClient } from '../../dev/n8n/N8nClient.mts';

export const NODES = ['n8n-nodes-aichats.aiChats', 'n8n-nodes-aichats.lmChatAiChats'];
/** n8n makes it of the first node, for agents. */
export const TOOL = 'n8n-nodes-aichats.aiChatsTool';
export const CREDENTIALS = ['aiChatsApi', 'aiChatsOpenAiCompatibleApi'];

/** Names of what the editor has of the package. */
export async function loadedNames(
	client: N8nClient,
): Promise<{ nodes: string[]; credentials: string[] }> {
	const nodes = (await client.types('nodes')).map(({ name }) => name);
	const credentials = (await client.types('credentials')).map(({ name }) => name);
	return {
		nodes: nodes.filter((name) => name.startsWith('n8n-nodes-aichats.')).sort(),
		credentials: credentials.filter((name) => name.startsWith('aiChats')).sort(),
	};
}

/** Every icon of the nodes and credentials is an image that n8n serves. */
export async function expectIcons({ client, n8n }: Lab): Promise<void> {
	const types = [...(await client.types('nodes')), ...(await client.types('credentials'))];
	const ours = types.filter(({ name }) => /(^|\.)(aiChats|lmChatAiChats)/.test(name));
	const icons = ours.flatMap(({ iconUrl }) =>
		Object.values(typeof iconUrl === 'string' ? [iconUrl] : (iconUrl ?? {})),
	);
	expect(icons.length).toBeGreaterThanOrEqual(ours.length);
	for (const icon of new Set(icons)) {
		const response = await fetch(`${n8n.url}/${icon}`);
		expect([icon, response.status, response.headers.get('content-type')]).toEqual([
			icon,
			200,
			expect.stringContaining('image/svg+xml'),
		]);
	}
}

/** All packages that n8n has fetched: the community packages, and what they depend on. */
export async function placedPackages({ folder }: Lab): Promise<string[]> {
	const place = path.join(folder, '.n8n/nodes');
	const files = await readdir(place, { recursive: true });
	const packages = files.map((file) =>
		/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^./@][^/]*)$/.exec(file),
	);
	return packages.flatMap((found) => found?.[1] ?? []);
}
