/**
 * A process that waits for the end of the one that started it, however that ends, and then clears up what
 * was left to it. Runs without the project's tools, so it starts within some 50 ms.
 */
import { rmSync } from 'node:fs';

import type { Message } from './caretaker.mts';

const groups = new Set<number>();
const folders = new Set<string>();

// Ctrl-C reaches all processes of a terminal; this one has its work still before it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

process.on('message', ({ action, group, folder }: Message) => {
	if (group !== undefined) groups[action](group);
	if (folder !== undefined) folders[action](folder);
});

process.on('disconnect', () => {
	groups.forEach(endGroup);
	// What was just killed may still write for a moment.
	for (const folder of folders) {
		rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
	}
	process.exit();
});

function endGroup(id: number): void {
	// 0 would be this one's own.
	if (id === 0) return;
	try {
		process.kill(-id, 'SIGKILL');
	} catch {
		// All of it have ended.
	}
}
