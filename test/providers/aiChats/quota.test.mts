import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { failureIn } from '../outcome.mts';
import { ACCESS, chat, saying } from './ask.mts';

describeThroughBoth('The Ai-Chats quota mark', { access: ACCESS }, (reach) => {
	it.each([
		{ after: 0, partial: undefined },
		{ after: 1, partial: 'One' },
		{ after: 2, partial: 'One two' },
		{ after: 3, partial: 'One two three' },
		{ after: 99, partial: 'One two three' },
	])('after $after fragments it is an error, never text', async ({ after, partial }) => {
		const outcome = await chat(reach, saying('One two three', `trylimit after=${after}`));
		const { kind, retryable, details } = failureIn(outcome);
		expect({ kind, retryable }).toEqual({ kind: 'quota', retryable: false });
		expect(details.partialText).toBe(partial);
		expect(outcome.text).toBe(partial ?? '');
	});

	it.each([1, 2, 5])('is seen when it is split every %d bytes', async (bytes) => {
		const prompt = saying('One two', 'trylimit after=1', 'cr', `drip bytes=${bytes}`);
		const outcome = await chat(reach, prompt);
		expect(failureIn(outcome).kind).toBe('quota');
		expect(outcome.texts).toEqual(['One']);
	});

	it('leaves a text alone that only speaks of it', async () => {
		const { text, error } = await chat(reach, saying('the trylimit mark', 'fragments count=1'));
		expect(error).toBeUndefined();
		expect(text).toBe('the trylimit mark');
	});
});
