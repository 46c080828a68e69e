import path from 'node:path';

import { BackgroundProcess } from '../../dev/n8n/processes.mts';
import { makeTemporaryFolder } from '../../dev/temporaryFolder.mts';

/** A process that makes a folder and starts a process that starts another, tells of them, and never ends. */

export interface Told {
	folder: string;
	group: number;
}

const { path: folder } = await makeTemporaryFolder('aichats-untidy');
const { pid: group } = new BackgroundProcess({
	name: 'sleepers',
	program: 'sh',
	parameters: ['-c', 'sleep 600 & sleep 600'],
	folder,
	logFile: path.join(folder, 'log'),
});
process.send?.({ folder, group } satisfies Told);
process.on('message', () => process.exit());
