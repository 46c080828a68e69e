import { type Head, mutatedHead } from './heads.mts';
import { mutations, truncated } from './mutations.mts';
import { Random } from './random.mts';
import type { Reader, Recording } from './recordings.mts';

/** One spoiled answer, and what was done to it. */
export interface FuzzCase extends Head {
	seed: number;
	recording: string;
	reader: Reader;
	/** What was done; only `truncate` means that the bytes are a part of a good answer from its start. */
	done: string[];
	body: Uint8Array;
	/** After how many bytes the connection breaks; undefined: it ends well. */
	breaksAfter?: number;
	/** The file behind every link. */
	image: Uint8Array;
}

/** The case that a seed stands for. */
export function makeCase(
	seed: number,
	recordings: readonly Recording[],
	images: readonly Uint8Array[],
): FuzzCase {
	const random = new Random(seed);
	const { name, reader, status, headers, body } = random.pick(recordings);
	const changes = spoil(body, random);
	const head = random.chance(0.15) ? mutatedHead({ status, headers }, random) : undefined;
	const breaks = random.chance(0.08);
	const image = random.pick(images);
	return {
		seed,
		recording: name,
		reader,
		...(head ?? { status, headers }),
		done: [...changes.done, ...(head ? ['head'] : []), ...(breaks ? ['break'] : [])],
		body: changes.body,
		...(breaks ? { breaksAfter: random.below(changes.body.length + 1) } : {}),
		image: random.chance(0.3) ? spoil(image, random).body : image,
	};
}

/** Bytes with a few things done to them. */
export function spoil(whole: Uint8Array, random: Random): { body: Uint8Array; done: string[] } {
	if (random.chance(0.2)) return { body: truncated(whole, random), done: ['truncate'] };
	const names = Object.keys(mutations);
	const done = Array.from({ length: 1 + random.below(4) }, () => random.pick(names));
	let body = whole;
	for (const name of done) body = mutations[name]?.(body, random) ?? body;
	return random.chance(0.1)
		? { body: truncated(body, random), done: [...done, 'truncate at last'] }
		: { body, done };
}
