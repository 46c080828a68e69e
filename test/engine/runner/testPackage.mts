import type { PackageClasses } from '../../../dev/engine/index.mts';

import { credentialNode } from './credentialNode.mts';
import { functionTestedApi, genericApi, TestApi } from './credentialTypes.mts';
import { fetchNode } from './fetchNode.mts';
import { fileNode, readFileNode } from './fileNodes.mts';
import { memoryNode, rememberNode } from './memoryNodes.mts';
import { streamNode } from './streamNode.mts';

export const testPackage: PackageClasses = {
	name: 'n8n-nodes-runner-test',
	nodes: [fetchNode, fileNode, readFileNode, streamNode, memoryNode, rememberNode, credentialNode],
	credentials: [TestApi, genericApi, functionTestedApi],
};
