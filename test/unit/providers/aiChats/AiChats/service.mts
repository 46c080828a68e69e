import { expect } from 'vitest';

import { AiChats } from '../../../../../providers/aiChats/AiChats.ts';
import { ProviderError } from '../../../../../providers/errors.ts';
import type { Message } from '../../../../../providers/messages.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { type MemoryAnswer, MemoryTransport } from '../../../../support/memoryTransport.mts';
import { collect } from '../../../../support/streams.mts';

export const HELLO: Message[] = [{ role: 'user', content: 'Hello' }];
export const BROKEN = new ProviderError('network', 'Lost', { code: 'ECONNRESET', retryable: true });
export const LINK = 'https://cdn.example/image.png';

export function service(...answers: Array<MemoryAnswer | Error>) {
	const transport = new MemoryTransport(answers);
	return { transport, provider: new AiChats(transport) };
}

export async function errorFor(
	answer: MemoryAnswer | Error,
	model = 'gpt-4',
): Promise<ProviderError> {
	const { transport, provider } = service(answer);
	const error = await providerErrorOf(() => collect(provider.createAsyncGenerator(model, HELLO)));
	expect(transport.letGoOfAll).toBe(true);
	return error;
}
