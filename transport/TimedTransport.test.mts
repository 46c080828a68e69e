import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ProviderError } from '../providers/errors.ts';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport.ts';
import { failureOf, providerErrorOf } from '../test/support/failure.mts';
import { ManualClock } from '../test/support/manualClock.mts';
import { bytesOf } from '../test/support/splits.mts';
import { abortError } from './networkError.ts';
import { TimedTransport, type TimeLimits, Watchdog } from './TimedTransport.ts';

const GET: TransportRequest = {
	method: 'GET',
	url: 'https://a/',
	headers: {},
	authenticated: true,
};
const LIMITS = { total: 10_000, firstByte: 2000, idle: 1000 };

let clock: ManualClock;

beforeEach(() => {
	clock = new ManualClock();
});

afterEach(() => {
	vi.restoreAllMocks();
});

/** A promise that may fail while nobody looks. */
function settling<T>() {
	const settler = Promise.withResolvers<T>();
	settler.promise.catch(() => undefined);
	return settler;
}

/** Answers and sends pieces when the test says so, and ends when its request is ended. */
class HandTransport implements Transport {
	signal: AbortSignal | undefined;
	closed = false;
	private readonly head = settling<void>();
	private piece = settling<Uint8Array | undefined>();

	async send({ signal }: TransportRequest): Promise<TransportResponse> {
		this.signal = signal;
		signal?.addEventListener('abort', () => {
			this.head.reject(abortError(signal));
			this.piece.reject(abortError(signal));
		});
		await this.head.promise;
		return { status: 200, headers: {}, body: this.body(), close: () => (this.closed = true) };
	}

	redact(text: string): string {
		return `redacted ${text}`;
	}

	answer(): void {
		this.head.resolve();
	}

	fail(error: Error): void {
		this.head.reject(error);
	}

	give(piece?: string): void {
		this.piece.resolve(piece === undefined ? undefined : bytesOf(piece));
	}

	private async *body(): AsyncGenerator<Uint8Array> {
		for (let bytes = await this.piece.promise; bytes; bytes = await this.piece.promise) {
			this.piece = settling();
			yield bytes;
		}
	}
}

function sending(signal?: AbortSignal) {
	const inner = new HandTransport();
	const transport = new TimedTransport(inner, LIMITS);
	return { inner, response: transport.send({ ...GET, signal }) };
}

/** A request whose answer has begun. */
async function begun(signal?: AbortSignal) {
	const { inner, response } = sending(signal);
	inner.answer();
	const { body, close } = await response;
	return { inner, close, pieces: body[Symbol.asyncIterator]() };
}

test('an answer in time comes through whole, and then no timer does harm', async () => {
	const { inner, pieces } = await begun();
	clock.pass(900);
	inner.give('a');
	expect(await pieces.next()).toEqual({ done: false, value: bytesOf('a') });
	const end = pieces.next();
	inner.give();
	expect((await end).done).toBe(true);
	clock.pass(100_000);
	expect(inner.signal?.aborted).toBe(false);
});

describe('is ended', () => {
	test('when no answer begins', async () => {
		const { response } = sending();
		const failure = providerErrorOf(() => response);
		clock.pass(2000);
		const { kind, message } = await failure;
		expect([kind, message]).toEqual(['timeout', 'No answer began within 2 seconds']);
	});

	test('when an answer pauses', async () => {
		const { inner, pieces } = await begun();
		inner.give('a');
		await pieces.next();
		const failure = providerErrorOf(() => pieces.next());
		clock.pass(1000);
		const { kind, message, details } = await failure;
		expect([kind, message]).toEqual(['timeout', 'The answer paused longer than 1 second']);
		expect(details.explanation).toContain("'Idle Timeout'");
	});

	// llama.cpp sends the head when a request gets its slot, minutes before the first token.
	test('when only a head comes, by the limit of the first byte', async () => {
		const { pieces } = await begun();
		const failure = providerErrorOf(() => pieces.next());
		clock.pass(1999);
		expect(await Promise.race([failure, 'waiting'])).toBe('waiting');
		clock.pass(1);
		const { message, details } = await failure;
		expect(message).toBe('No answer began within 2 seconds');
		expect(details.explanation).toContain("'First Byte Timeout'");
	});

	test('when the whole takes too long, though it never pauses', async () => {
		const { inner, pieces } = await begun();
		for (let step = 1; step < 20; step++) {
			const next = pieces.next();
			clock.pass(500);
			inner.give('a');
			expect((await next).done).toBe(false);
		}
		const failure = providerErrorOf(() => pieces.next());
		clock.pass(500);
		const { kind, message } = await failure;
		expect([kind, message]).toEqual(['timeout', 'The request took longer than 10 seconds']);
	});

	test('when the caller stops, before an answer and within one', async () => {
		for (const start of [sending, begun]) {
			const controller = new AbortController();
			const started = await start(controller.signal);
			const work = 'pieces' in started ? started.pieces.next() : started.response;
			const failure = providerErrorOf(() => work);
			controller.abort();
			expect((await failure).kind).toBe('aborted');
		}
	});
});

test('a reader who takes time is not the answer’s idle', async () => {
	const { inner, pieces } = await begun();
	inner.give('a');
	await pieces.next();
	clock.pass(5000);
	expect(inner.signal?.aborted).toBe(false);
});

describe('lets go of its timers', () => {
	test('when sending fails', async () => {
		const { inner, response } = sending();
		const refused = new ProviderError('network', 'No');
		inner.fail(refused);
		expect(await failureOf(() => response)).toBe(refused);
		clock.pass(100_000);
		expect(inner.signal?.aborted).toBe(false);
	});

	test('when the answer is closed', async () => {
		const { inner, close } = await begun();
		close();
		expect(inner.closed).toBe(true);
		clock.pass(100_000);
		expect(inner.signal?.aborted).toBe(false);
	});

	test('when its reader leaves', async () => {
		const { inner, pieces } = await begun();
		inner.give('a');
		await pieces.next();
		await pieces.return?.();
		clock.pass(100_000);
		expect(inner.signal?.aborted).toBe(false);
	});
});

const LIMITS_WATCHDOG: TimeLimits = { total: 10_000, firstByte: 300, idle: 100 };

beforeEach(() => {
	clock = new ManualClock();
});

afterEach(() => {
	vi.restoreAllMocks();
});

function watching(limits: Partial<TimeLimits> = {}) {
	const bark = vi.fn<(limit: keyof TimeLimits) => void>();
	return { bark, watchdog: new Watchdog({ ...LIMITS_WATCHDOG, ...limits }, bark) };
}

/** Lets the last ms of a limit pass and expects the watchdog to bark then, once. */
function expectBark({ bark }: ReturnType<typeof watching>, limit: keyof TimeLimits): void {
	expect(bark).not.toHaveBeenCalled();
	clock.pass(1);
	expect(bark).toHaveBeenCalledExactlyOnceWith(limit);
	clock.pass(100_000);
	expect(bark).toHaveBeenCalledOnce();
	expect(clock.running).toBe(0);
}

test('barks when no answer begins', () => {
	const watch = watching();
	clock.pass(299);
	expectBark(watch, 'firstByte');
});

test.each([0, 1, 99, 100, 250, 299])(
	'barks when the answer that began after %i ms is silent',
	(beginning) => {
		const watch = watching();
		clock.pass(beginning);
		watch.watchdog.expectMore();
		clock.pass(99);
		expectBark(watch, 'idle');
	},
);

test('after each piece the answer may be silent for the whole limit again', () => {
	const watch = watching();
	for (let piece = 0; piece < 5; piece++) {
		watch.watchdog.expectMore();
		clock.pass(60);
	}
	clock.pass(39);
	expectBark(watch, 'idle');
});

test('while the reader is busy, only the whole limit runs', () => {
	const watch = watching();
	watch.watchdog.expectMore();
	clock.pass(50);
	watch.watchdog.pause();
	clock.pass(9949);
	expectBark(watch, 'total');
});

test('an answer that goes on and on ends at the whole limit', () => {
	const watch = watching({ total: 1001 });
	for (let step = 0; step < 20; step++) {
		watch.watchdog.expectMore();
		clock.pass(50);
	}
	expectBark(watch, 'total');
});

test.each<[limits: Partial<TimeLimits>, first: keyof TimeLimits]>([
	[{ total: 50 }, 'total'],
	[{ firstByte: 50 }, 'firstByte'],
	[{ firstByte: 50, idle: 1000 }, 'firstByte'],
	[{ total: 50, firstByte: 1000, idle: 2000 }, 'total'],
])('with the limits %j, %s is the first to pass', (limits, first) => {
	const watch = watching(limits);
	clock.pass(49);
	expectBark(watch, first);
});

test('however often something comes, one timer runs', () => {
	const { bark, watchdog } = watching();
	for (let step = 0; step < 500; step++) {
		clock.pass(10);
		watchdog.expectMore();
		expect(clock.running).toBe(1);
	}
	expect(bark).not.toHaveBeenCalled();
});

test('ended, it never barks', () => {
	const { bark, watchdog } = watching();
	clock.pass(60);
	watchdog.expectMore();
	clock.pass(60);
	watchdog.end();
	clock.pass(100_000);
	expect(bark).not.toHaveBeenCalled();
	expect(clock.running).toBe(0);
});

test('limits beyond what a timer can take are kept in steps', () => {
	const month = 31 * 24 * 3_600_000;
	const passed: string[] = [];
	const limits = { total: 2 * month, firstByte: month, idle: month };
	const watchdog = new Watchdog(limits, (limit) => passed.push(limit));
	const timers = vi.mocked(AbortSignal.timeout).mock.calls.map(([milliseconds]) => milliseconds);
	expect(timers).toEqual([2 ** 31 - 1]);
	clock.pass(month - 1);
	expect(passed).toEqual([]);
	clock.pass(1);
	expect(passed).toEqual(['firstByte']);
	watchdog.end();
});

test('limits without end set timers that a machine can take', () => {
	new Watchdog({ total: Infinity, firstByte: Infinity, idle: Infinity }, () => undefined);
	expect(vi.mocked(AbortSignal.timeout).mock.calls).toEqual([[2 ** 31 - 1]]);
});
