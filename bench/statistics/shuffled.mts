/** The same entries in a random order: a fixed one favours whoever follows a slow one. */
export function shuffled<T>(entries: readonly T[], random: () => number = Math.random): T[] {
	const keyed = entries.map((entry) => ({ entry, key: random() }));
	return keyed.sort((one, other) => one.key - other.key).map(({ entry }) => entry);
}
