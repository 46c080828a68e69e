import { OpenAiCompatible } from '../../../providers/openAiCompatible/OpenAiCompatible.ts';
import type { Transport } from '../../../providers/Transport.ts';
import type { GenerateOptions } from '../../../providers/types.ts';
import type { Reach } from '../bothTransports.mts';
import { type Outcome, outcomeOf } from '../outcome.mts';

export const KEY = 'their-own-key';
export const ACCESS = { type: 'aiChatsOpenAiCompatibleApi', apiKey: KEY } as const;

export function openAi({ service }: Reach, transport: Transport): OpenAiCompatible {
	return new OpenAiCompatible(transport, service.url);
}

/** Asks for text and reads the answer to its end or its failure. */
export async function chat(
	reach: Reach,
	prompt: string,
	options: GenerateOptions = {},
): Promise<Outcome> {
	const messages = [{ role: 'user' as const, content: prompt }];
	return await reach.use(
		async (transport) =>
			await outcomeOf(
				openAi(reach, transport).createAsyncGenerator('gpt-4o-mini', messages, options),
			),
	);
}
