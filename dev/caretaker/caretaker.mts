import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

/** Of a process group, by its id, or of a folder. */
export interface Message {
	action: 'add' | 'delete';
	group?: number;
	folder?: string;
}

let caretaker: ChildProcess | undefined;

/**
 * Has a process group killed when this process has ended, even by SIGKILL: a runner of tests ends its
 * processes so when it is interrupted.
 *
 * @returns takes it back
 */
export function endGroupAfterwards(group: number): () => void {
	tell({ action: 'add', group });
	return () => tell({ action: 'delete', group });
}

/** Has a folder removed when this process has ended, however. @returns takes it back */
export function removeFolderAfterwards(folder: string): () => void {
	tell({ action: 'add', folder });
	return () => tell({ action: 'delete', folder });
}

function tell(message: Message): void {
	caretaker ??= start();
	if (caretaker.connected) caretaker.send(message);
}

function start(): ChildProcess {
	const child = fork(path.join(import.meta.dirname, 'main.mts'), {
		detached: true,
		stdio: 'ignore',
		execArgv: [],
	});
	// This process may end before it; that is what it waits for.
	child.unref();
	child.channel?.unref();
	return child;
}
