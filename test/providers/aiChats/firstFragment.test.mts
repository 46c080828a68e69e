import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { untilClosedByClient } from '../untilSeen.mts';
import { ACCESS, aiChats, saying } from './ask.mts';

const MESSAGES = [{ role: 'user' as const, content: saying('One two three') }];

describeThroughBoth('Ai-Chats fragments in time', { access: ACCESS }, (reach) => {
	it.each(['', '[[gzip]]'])('the first leaves before the second is sent %s', async (directive) => {
		const hold = reach.service.holdAfter(1);
		await reach.use(async (transport) => {
			const messages = [{ role: 'user' as const, content: directive + MESSAGES[0]?.content }];
			const answer = aiChats(reach, transport).createAsyncGenerator('gpt-4', messages);
			// The service sends nothing more until it is released: this would wait for ever.
			expect(await answer.next()).toEqual({ done: false, value: { type: 'text', text: 'One' } });
			expect(reach.service.requests.at(-1)?.fragmentsSent).toBe(1);
			hold.release();
			expect((await answer.next()).value).toEqual({ type: 'text', text: ' two' });
			await answer.return(undefined);
		});
	});

	it('leaving the loop early closes the connection', async () => {
		reach.service.holdAfter(1);
		await reach.use(async (transport) => {
			for await (const chunk of aiChats(reach, transport).createAsyncGenerator('gpt-4', MESSAGES)) {
				expect(chunk).toEqual({ type: 'text', text: 'One' });
				break;
			}
			await untilClosedByClient(reach);
		});
	});

	it('an abort between two fragments closes the connection', async () => {
		reach.service.holdAfter(1);
		const controller = new AbortController();
		await reach.use(async (transport) => {
			const options = { signal: controller.signal };
			const answer = aiChats(reach, transport).createAsyncGenerator('gpt-4', MESSAGES, options);
			await answer.next();
			controller.abort();
			await expect(answer.next()).rejects.toMatchObject({ kind: 'aborted' });
			await untilClosedByClient(reach);
		});
	});
});
