import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';

import { LinkedController } from '../../../transport/LinkedController.ts';

test('it fires with the other signal, for the same reason', () => {
	const parent = new AbortController();
	const { signal } = new LinkedController(parent.signal);
	expect(signal.aborted).toBe(false);
	const reason = new Error('stopped');
	parent.abort(reason);
	expect(signal.reason).toBe(reason);
});

test('it has fired where the other signal has', () => {
	const reason = new Error('stopped');
	expect(new LinkedController(AbortSignal.abort(reason)).signal.reason).toBe(reason);
});

test('it fires by itself and leaves the other signal alone', () => {
	const parent = new AbortController();
	const own = new LinkedController(parent.signal);
	own.abort('enough');
	expect(own.signal.reason).toBe('enough');
	expect(parent.signal.aborted).toBe(false);
	expect(new LinkedController(undefined).signal.aborted).toBe(false);
});

test.each([
	['released', (own: LinkedController) => own.release()],
	['aborted', (own: LinkedController) => own.abort()],
])('when it was %s the other signal holds on to nothing', (_how, end) => {
	const parent = new AbortController();
	const own = new LinkedController(parent.signal);
	expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
	end(own);
	expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
});

test('after its release it no longer follows', () => {
	const parent = new AbortController();
	const own = new LinkedController(parent.signal);
	own.release();
	parent.abort();
	expect(own.signal.aborted).toBe(false);
});
