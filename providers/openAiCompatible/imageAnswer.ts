import type { ProviderChunk } from '../chunks';
import { readPictureAnswer } from '../picture/readPictureAnswer';
import type { Transport, TransportResponse } from '../Transport';
import { readUsage } from './usage';

/** The answer to `/images/generations` and `/images/edits`. */
export async function* readImageAnswer(
	response: TransportResponse,
	prompt: string,
	transport: Transport,
): AsyncGenerator<ProviderChunk> {
	const answer = yield* readPictureAnswer(response, prompt, transport);
	const usage = readUsage(answer['usage']);
	if (usage !== undefined) yield { type: 'usage', usage };
}
