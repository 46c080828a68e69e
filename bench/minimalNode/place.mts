import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import typescript from 'typescript';

const NAME = 'n8n-nodes-aichats-bench';
const FILE = 'Minimal.node.js';
const SOURCE = path.join(import.meta.dirname, 'Minimal.node.mts');

/** Its type in a workflow. */
export const MINIMAL_NODE = `${NAME}.minimal`;

/** Puts the minimal node, as a package of its own, to where n8n keeps installed community packages. */
export async function placeMinimalNode(userFolder: string): Promise<void> {
	const folder = path.join(userFolder, '.n8n/nodes/node_modules', NAME);
	await mkdir(folder, { recursive: true });
	const { outputText } = typescript.transpileModule(await readFile(SOURCE, 'utf8'), {
		compilerOptions: {
			module: typescript.ModuleKind.CommonJS,
			target: typescript.ScriptTarget.ES2022,
		},
	});
	await writeFile(path.join(folder, FILE), outputText);
	const manifest = {
		name: NAME,
		version: '1.0.0',
		keywords: ['n8n-community-node-package'],
		n8n: { n8nNodesApiVersion: 1, nodes: [FILE] },
	};
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
}
