import { watch } from 'node:fs';
import path from 'node:path';

/** Editors write a file in several steps: how long it must be quiet before something is done, in ms. */
const QUIET = 300;

/**
 * Does something after each change of the sources, one at a time; changes meanwhile make it do it again.
 *
 * @param names files and folders in the root
 * @returns ends it
 */
export function watchSources(
	root: string,
	names: readonly string[],
	onChange: () => Promise<void>,
): () => void {
	let timer: NodeJS.Timeout | undefined;
	let working = Promise.resolve();
	// All of a burst of changes is one; what comes during the work waits for its end.
	const changed = () => {
		clearTimeout(timer);
		timer = setTimeout(() => (working = working.then(onChange)), QUIET);
	};
	// A file is watched by way of its folder: editors replace files, which ends a watch on the old one.
	const watchers = [
		watch(root, (_event, name) => {
			if (name !== null && names.includes(name)) changed();
		}),
		...names
			.filter((name) => path.extname(name) === '')
			.map((name) => watch(path.join(root, name), { recursive: true }, changed)),
	];
	return () => {
		clearTimeout(timer);
		watchers.forEach((watcher) => watcher.close());
	};
}
