import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn } from '../outcome.mts';
import { readUntilHeld } from '../readUntilHeld.mts';
import { ACCESS, aiChats, chat, saying } from './ask.mts';

const TEXT = 'One two three four';
const PARTS = ['One', ' two', ' three', ' four'];

describeThroughBoth('Ai-Chats answers that break off', { access: ACCESS }, (reach) => {
	it('reset before an answer: no answer began, and asking again is harmless', async () => {
		const outcome = await chat(reach, '[[reset]] hello');
		const { kind, retryable, details } = failureIn(outcome);
		expect({ kind, retryable }).toEqual({ kind: 'network', retryable: true });
		expect(details.partialText).toBeUndefined();
	});

	it.each([
		['cut after', 1],
		['cut after', 3],
		['reset-after fragments', 1],
		['reset-after fragments', 3],
	])('%s=%d fragments is truncated and keeps what came', async (directive, count) => {
		// Held until the fragments are read: a reset may throw away what the client has not read yet.
		const prompt = saying(TEXT, `${directive}=${count}`);
		const outcome = await readUntilHeld(reach, count, (transport) =>
			aiChats(reach, transport).createAsyncGenerator('gpt-4', [{ role: 'user', content: prompt }]),
		);
		const { kind, retryable, details } = failureIn(outcome);
		expect({ kind, retryable }).toEqual({ kind: 'truncated', retryable: false });
		expect(outcome.texts).toEqual(PARTS.slice(0, count));
		expect(details.partialText).toBe(PARTS.slice(0, count).join(''));
	});

	it.each(['cut after=0', 'reset-after fragments=0', 'cut after=2', 'reset-after fragments=4'])(
		'%s in one go never passes for a complete answer',
		async (directive) => {
			const outcome = await chat(reach, saying(TEXT, directive));
			const { kind, details } = failureIn(outcome);
			expect(['network', 'truncated']).toContain(kind);
			expect(details.partialText ?? '').toBe(outcome.text);
			expect(outcome.chunks.filter(({ type }) => type === 'finish')).toEqual([]);
		},
	);

	it.each(['cut after=2', 'reset-after fragments=2'])(
		'%s of a compressed answer',
		async (fault) => {
			const outcome = await chat(reach, saying(TEXT, fault, 'gzip'));
			expect(['network', 'truncated']).toContain(failureIn(outcome).kind);
		},
	);
});
