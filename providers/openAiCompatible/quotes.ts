/** Words of Latin letters, digits and underscores; of other scripts each letter, as some put no spaces between words. */
const WORD = /[\p{Script=Latin}\p{N}_]+|\p{L}/giu;
/** So many words in a row hardly stand in two texts by chance. */
const MIN_RUN = 4;

/**
 * What a service says in its own words: without each run of words that also stands in what the user wrote, and
 * is therefore a quote, whole or in part. Takes linear time.
 * @param texts what the user wrote; one that is shorter than a run is looked for as a whole, unless it is one word
 */
export function withoutQuotes(message: string, texts: readonly string[]): string {
	const plain = unescaped(message);
	const found = [...plain.matchAll(WORD)];
	const words = found.map(([word]) => word.toLowerCase());
	const quoted = new Set(texts.flatMap((text) => quotedFrom(text, words)));
	let end = 0;
	const kept = found.map(({ 0: word, index }, position) => {
		const between = plain.slice(end, index);
		end = index + word.length;
		return between + (quoted.has(position) ? '' : word);
	});
	return kept.join('') + plain.slice(end);
}

/** Services quote in JSON, too. */
function unescaped(text: string): string {
	return text.replace(/\\[nrt]/g, ' ');
}

/** Which of the words are quoted from a text. */
function quotedFrom(text: string, words: readonly string[]): number[] {
	const said = unescaped(text).toLowerCase().match(WORD) ?? [];
	const length = Math.min(MIN_RUN, said.length);
	if (length < 2) return [];
	const runs = new Set([...runsOf(words, length)].map(([run]) => run));
	const shared = new Map<string, string | undefined>();
	for (const [run, next] of runsOf(said, length)) if (runs.has(run)) shared.set(run, next);
	return [...runsOf(words, length)].flatMap(([run], at) => {
		if (!shared.has(run)) return [];
		// A quote may be cut within a word.
		const isCut = shared.get(run)?.startsWith(words[at + length] ?? ' ') === true;
		return Array.from({ length: isCut ? length + 1 : length }, (_, next) => at + next);
	});
}

/** Each run of so many words, with the word after it. */
function* runsOf(
	words: readonly string[],
	length: number,
): Generator<[run: string, next: string | undefined]> {
	for (let at = 0; at + length <= words.length; at++) {
		yield [words.slice(at, at + length).join(' '), words[at + length]];
	}
}
