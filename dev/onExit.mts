const pending = new Set<() => void>();

process.on('exit', () => pending.forEach((act) => act()));

/**
 * Does something at the last moment of this process, also when it ends in the middle of its work. There is no
 * time for anything asynchronous then, and SIGKILL and an unhandled signal leave no such moment.
 *
 * @returns takes it back
 */
export function onExit(act: () => void): () => void {
	pending.add(act);
	return () => void pending.delete(act);
}
