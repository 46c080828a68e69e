import { expect, it } from 'vitest';

import { AiChats } from '../../../providers/aiChats/AiChats.ts';
import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn, outcomeOf, type Outcome } from '../outcome.mts';
import { head, httpChunk, startRawServer } from '../rawServer.mts';
import { ACCESS } from './ask.mts';

const EVENTS = 'data: One\n\ndata:  two\n\n';

describeThroughBoth('How the end of an Ai-Chats answer is known', { access: ACCESS }, (reach) => {
	async function ask(answer: string): Promise<Outcome> {
		const url = await startRawServer(answer);
		const messages = [{ role: 'user' as const, content: 'hello' }];
		return await reach.use(
			async (transport) =>
				await outcomeOf(new AiChats(transport, url).createAsyncGenerator('gpt-4', messages)),
		);
	}

	it('a clean close ends an answer that has no length', async () => {
		const { text, error } = await ask(head('connection: close') + EVENTS);
		expect(error).toBeUndefined();
		expect(text).toBe('One two');
	});

	it('the last chunk ends a chunked answer', async () => {
		const { text, error } = await ask(
			`${head('transfer-encoding: chunked')}${httpChunk(EVENTS)}0\r\n\r\n`,
		);
		expect(error).toBeUndefined();
		expect(text).toBe('One two');
	});

	it.each([
		['without its last chunk', `${head('transfer-encoding: chunked')}${httpChunk(EVENTS)}`],
		['in the middle of a chunk', `${head('transfer-encoding: chunked')}ff\r\n${EVENTS}`],
		['before its content-length', `${head('content-length: 1000')}${EVENTS}`],
	])('a clean close %s is a cut', async (_, answer) => {
		const outcome = await ask(answer);
		expect(['network', 'truncated']).toContain(failureIn(outcome).kind);
		expect(failureIn(outcome).details.partialText ?? '').toBe(outcome.text);
	});

	it('an answer that is not HTTP does not count as one', async () => {
		expect(failureIn(await ask('SSH-2.0-OpenSSH_9.6\r\n')).kind).toBe('network');
	});
});
