/**
 * Loads all nodes of a package as n8n does, in a process of its own. Argument: the package's folder;
 * NODE_PATH must lead to n8n's modules. Prints how many ms it took.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [directory = ''] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[] };
};
const require = createRequire(path.join(directory, 'package.json'));
// In n8n it is loaded long before.
require('n8n-workflow');

const started = performance.now();
for (const file of manifest.n8n.nodes) require(path.join(directory, file));
console.log(performance.now() - started);
// A package may have begun something when it was loaded.
process.exit();
