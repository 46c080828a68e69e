import { expect, it } from 'vitest';

import { TimedTransport } from '../../../transport/TimedTransport.ts';
import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn, outcomeOf } from '../outcome.mts';
import { untilClosedByClient, untilReceived } from '../untilSeen.mts';
import { ACCESS, aiChats, chat, saying } from './ask.mts';

const LIMITS = { total: 60_000, firstByte: 60_000, idle: 60_000 };

describeThroughBoth('Stopping an Ai-Chats answer', { access: ACCESS }, (reach) => {
	it('a stalled request ends when it is aborted', async () => {
		const controller = new AbortController();
		const answer = chat(reach, '[[stall]] hello', { signal: controller.signal });
		await untilReceived(reach);
		controller.abort();
		expect(failureIn(await answer)).toMatchObject({ kind: 'aborted', retryable: false });
		await untilClosedByClient(reach);
	});

	it('a signal that has fired already sends nothing', async () => {
		const outcome = await chat(reach, 'hello', { signal: AbortSignal.abort() });
		expect(failureIn(outcome).kind).toBe('aborted');
		expect(reach.service.requests).toEqual([]);
	});

	it('a stalled answer ends when it is aborted, and keeps what came', async () => {
		const controller = new AbortController();
		const prompt = saying('One two three', 'stall-after fragments=2');
		const outcome = await reach.use(async (transport) => {
			const messages = [{ role: 'user' as const, content: prompt }];
			const { signal } = controller;
			const answer = aiChats(reach, transport).createAsyncGenerator('gpt-4', messages, { signal });
			return await outcomeOf(abortingAt(answer, ' two', controller));
		});
		const { kind, details } = failureIn(outcome);
		expect({ kind, partialText: details.partialText }).toEqual({
			kind: 'aborted',
			partialText: 'One two',
		});
		await untilClosedByClient(reach);
	});

	it.each([
		['firstByte', 'stall', undefined, 'No answer began within 0.3 seconds'],
		['total', 'stall', undefined, 'The request took longer than 0.3 seconds'],
		['idle', 'stall-after fragments=1', 'One', 'The answer paused longer than 0.3 seconds'],
		['total', 'endless]][[pace ms=20', expect.any(String), 'longer than 0.3 seconds'],
	])('the limit %s ends %s', async (limit, fault, partialText, message) => {
		const outcome = await reach.use(async (transport) => {
			const timed = new TimedTransport(transport, { ...LIMITS, [limit]: 300 });
			const messages = [{ role: 'user' as const, content: saying('One two', fault) }];
			return await outcomeOf(aiChats(reach, timed).createAsyncGenerator('gpt-4', messages));
		});
		const error = failureIn(outcome);
		expect(error.kind).toBe('timeout');
		expect(error.message).toContain(message);
		expect(error.details.partialText).toEqual(partialText);
		await untilClosedByClient(reach);
	});

	it('an endless answer is refused at the maximum size', async () => {
		const outcome = await chat(reach, saying('One two', 'endless'), { maxAnswerSize: 50_000 });
		expect(failureIn(outcome).kind).toBe('refused');
		expect(outcome.text.length).toBeLessThanOrEqual(50_000);
		await untilClosedByClient(reach);
	});
});

async function* abortingAt<Chunk extends { type: string }>(
	answer: AsyncIterable<Chunk>,
	text: string,
	controller: AbortController,
): AsyncGenerator<Chunk> {
	for await (const chunk of answer) {
		yield chunk;
		if ('text' in chunk && chunk.text === text) controller.abort();
	}
}
