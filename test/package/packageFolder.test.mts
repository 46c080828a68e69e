import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { chain } from '../engine/runner/chain.mts';
import { nodeType } from '../engine/runner/nodeType.mts';
import { useRunner } from '../engine/runner/useRunner.mts';

const { engineWith } = useRunner();

test("a package folder is loaded by n8n's own loader", async () => {
	const directory = await mkdtemp(join(tmpdir(), 'package-'));
	const n8n = { nodes: ['dist/Hello.node.js'], credentials: ['dist/HelloApi.credentials.js'] };
	const description = { ...nodeType('hello', undefined).description };
	await mkdir(join(directory, 'dist'));
	await writeFile(
		join(directory, 'package.json'),
		JSON.stringify({ name: 'n8n-nodes-hello', version: '1.2.3', n8n }),
	);
	await writeFile(
		join(directory, 'dist', 'Hello.node.js'),
		`exports.Hello = class { description = ${JSON.stringify(description)};
			async execute() { return [[{ json: { hello: 'there' } }]]; } };`,
	);
	await writeFile(
		join(directory, 'dist', 'HelloApi.credentials.js'),
		`exports.HelloApi = class { name = 'helloApi'; displayName = 'Hello'; properties = []; };`,
	);

	const engine = await engineWith({ package: { directory } });
	const run = await engine.run(chain({ name: 'Hello', type: 'n8n-nodes-hello.hello' }));

	expect(run.items('Hello')[0]?.json).toEqual({ hello: 'there' });
	const tested = await engine.testCredential('helloApi', {});
	expect(tested.message).toBe('No testing function found for this credential.');
	await rm(directory, { recursive: true });
});
