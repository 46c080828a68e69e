import { ProviderError } from '../../providers/errors.ts';
import type { Transport, TransportRequest, TransportResponse } from '../../providers/Transport.ts';
import type { FuzzCase } from './fuzzCase.mts';
import type { Random } from './random.mts';

/** More would be a provider that asks for ever. */
const MOST_REQUESTS = 110;

/** A large answer byte by byte would measure nothing but the loop over it. */
const MOST_PIECES = 20_000;

/** Answers every request with the case: its answer to a POST or the first request, its image else. */
export class FuzzTransport implements Transport {
	private requests = 0;
	/** Answers that were neither read to their end, nor left, nor closed. */
	held = 0;

	constructor(
		private readonly fuzzCase: FuzzCase,
		private readonly random: Random,
	) {}

	async send({ method }: TransportRequest): Promise<TransportResponse> {
		this.requests += 1;
		if (this.requests > MOST_REQUESTS) throw new Error('The provider asks again and again');
		const { status, headers, body, breaksAfter, image } = this.fuzzCase;
		return method === 'POST' || this.requests === 1
			? this.answer(status, headers, body, breaksAfter)
			: this.answer(200, { 'content-type': 'image/png' }, image);
	}

	private answer(
		status: number,
		headers: Record<string, string>,
		bytes: Uint8Array,
		breaksAfter?: number,
	): TransportResponse {
		let isHeld = true;
		this.held += 1;
		const letGo = () => {
			if (isHeld) this.held -= 1;
			isHeld = false;
		};
		return { status, headers, body: this.read(bytes, breaksAfter, letGo), close: letGo };
	}

	private async *read(
		bytes: Uint8Array,
		breaksAfter: number | undefined,
		letGo: () => void,
	): AsyncGenerator<Uint8Array> {
		try {
			yield* pieces(bytes.subarray(0, breaksAfter), this.random);
			if (breaksAfter === undefined) return;
			throw new ProviderError('network', 'The service could not be reached', { retryable: true });
		} finally {
			letGo();
		}
	}
}

/** Copies, as decoders may write over what they are given, as a network may cut them: whole, in small pieces, empty ones among them. */
export function* pieces(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
	const longest = Math.max(
		random.pick([1, 3, 17, 200, 4096, Infinity]),
		bytes.length / MOST_PIECES,
	);
	for (let start = 0; start < bytes.length; ) {
		if (random.chance(0.02)) yield new Uint8Array();
		const size = longest === Infinity ? bytes.length : 1 + random.below(longest);
		yield Uint8Array.from(bytes.subarray(start, start + size));
		start += size;
	}
}
