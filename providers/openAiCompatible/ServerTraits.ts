import type { ProviderError } from '../errors';

/** Something a server may refuse in a request for which there is another way. */
export type Trait =
	| 'stream_options'
	| 'stream'
	| 'max_completion_tokens'
	| 'max_tokens'
	| 'response_format';

/** Statuses with which servers refuse a field. */
const REFUSALS = new Set([400, 404, 415, 422, 501]);

/**
 * What a server turned out not to take. Learnt from its refusals, kept for all requests of a run, so
 * that only the first one is asked twice.
 */
export class ServerTraits {
	private readonly refused = new Set<Trait>();

	/** Whether a request may hold it, as far as is known. */
	takes(trait: Trait): boolean {
		return !this.refused.has(trait);
	}

	/**
	 * Learns from a refusal which of the request's fields the server does not take.
	 * @returns whether asking again in another way makes sense
	 */
	learn(error: ProviderError, sent: Readonly<Record<string, unknown>>): boolean {
		if (error.kind !== 'http' || !REFUSALS.has(error.details.status ?? 0)) return false;
		const trait = refusedTrait(error, sent);
		if (trait === undefined || this.refused.has(trait)) return false;
		this.refused.add(trait);
		return true;
	}
}

/** Longer names first: `stream` is a part of `stream_options`. */
const FIELDS: readonly Trait[] = [
	'stream_options',
	'max_completion_tokens',
	'max_tokens',
	'response_format',
	'stream',
];

function refusedTrait(
	{ details: { parameter, serviceMessage = '' } }: ProviderError,
	sent: Readonly<Record<string, unknown>>,
): Trait | undefined {
	const candidates = FIELDS.filter((field) => field in sent && sent[field] !== false);
	const named = candidates.find(
		(field) => parameter === field || parameter?.startsWith(`${field}.`),
	);
	return named ?? candidates.find((field) => mentions(serviceMessage, field));
}

function mentions(words: string, field: Trait): boolean {
	const pattern = field === 'stream' ? /\bstream(ing)?\b/i : new RegExp(`\\b${field}\\b`, 'i');
	return pattern.test(words);
}
