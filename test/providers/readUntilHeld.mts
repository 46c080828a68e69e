import type { Transport } from '../../providers/Transport.ts';
import type { ProviderChunk } from '../../providers/types.ts';
import type { Reach } from './bothTransports.mts';
import { type Outcome, outcomeOf } from './outcome.mts';

/**
 * Reads an answer that the service holds after so many fragments; it goes on only once all of them have
 * been read.
 */
export async function readUntilHeld(
	{ service, use }: Reach,
	fragments: number,
	ask: (transport: Transport) => AsyncIterable<ProviderChunk>,
): Promise<Outcome> {
	const hold = service.holdAfter(fragments);
	return await use(
		async (transport) => await outcomeOf(releasing(ask(transport), fragments, hold.release)),
	);
}

async function* releasing(
	answer: AsyncIterable<ProviderChunk>,
	fragments: number,
	release: () => void,
): AsyncGenerator<ProviderChunk> {
	let seen = 0;
	for await (const chunk of answer) {
		yield chunk;
		if (chunk.type === 'text' && ++seen === fragments) release();
	}
}
