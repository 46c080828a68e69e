import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { expect } from 'vitest';

import type { Lab } from '../../../dev/n8n/Lab.mts';
import type { N8nClient } from '../../../dev/n8n/N8nClient.mts';

/** Names of what the editor has of AiChats. */
export async function loadedNames(
	client: N8nClient,
	packageName: string,
): Promise<{ nodes: string[]; credentials: string[] }> {
	const nodes = (await client.types('nodes')).map(({ name }) => name);
	const credentials = (await client.types('credentials')).map(({ name }) => name);
	return {
		nodes: nodes.filter((name) => name.startsWith(`${packageName}.`)).sort(),
		credentials: credentials.filter((name) => name.startsWith('aiChats')).sort(),
	};
}

/** Every icon of the nodes and credentials is a picture that n8n serves. */
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
