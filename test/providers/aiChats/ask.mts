import { AiChats } from '../../../providers/aiChats/AiChats.ts';
import type { Transport } from '../../../providers/Transport.ts';
import type { GenerateOptions } from '../../../providers/types.ts';
import type { Reach } from '../bothTransports.mts';
import { type Outcome, outcomeOf } from '../outcome.mts';

export const COOKIE = 'session=their-own-cookie';
export const ACCESS = { type: 'aiChatsApi', sessionCookieSecret: COOKIE } as const;

export function aiChats(reach: Reach, transport: Transport): AiChats {
	return new AiChats(transport, reach.service.url);
}

/** Asks for text and reads the answer to its end or its failure. */
export async function chat(
	reach: Reach,
	prompt: string,
	options: GenerateOptions = {},
): Promise<Outcome> {
	return await reach.use(async (transport) => {
		const messages = [{ role: 'user' as const, content: prompt }];
		return await outcomeOf(
			aiChats(reach, transport).createAsyncGenerator('gpt-4', messages, options),
		);
	});
}

/** A prompt that is answered with exactly this text. */
export function saying(text: string, ...directives: string[]): string {
	const settings = directives.map((directive) => `[[${directive}]]`).join('');
	return `[[text value=${JSON.stringify(text)}]]${settings} say it`;
}
