import { ProviderError, toProviderError } from '../providers/errors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import { LinkedController, now } from './signals';

/** Reasoning models are silent for minutes before they begin; a stream that pauses for one has stalled. */
export const DEFAULT_TIME_LIMITS: TimeLimits = {
	total: 600_000,
	firstByte: 300_000,
	idle: 60_000,
};

const PASSED: Record<keyof TimeLimits, string> = {
	total: 'The request took longer than',
	firstByte: 'No answer began within',
	idle: 'The answer paused longer than',
};

/** The options of the nodes that set the limits. */
const OPTIONS: Record<keyof TimeLimits, string> = {
	total: 'Timeout',
	firstByte: 'First Byte Timeout',
	idle: 'Idle Timeout',
};

/** Ends requests that take too long, with an error that names which limit passed and how long it was. */
export class TimedTransport implements Transport {
	constructor(
		private readonly transport: Transport,
		private readonly limits: TimeLimits,
	) {}

	async send(request: TransportRequest): Promise<TransportResponse> {
		const controller = new LinkedController(request.signal);
		const watchdog = new Watchdog(this.limits, (limit) =>
			controller.abort(timeoutError(limit, this.limits)),
		);
		const end = () => {
			watchdog.end();
			controller.release();
		};
		try {
			const response = await this.transport.send({ ...request, signal: controller.signal });
			return watched(response, watchdog, end);
		} catch (error) {
			end();
			throw toProviderError(error);
		}
	}
}

/** The error for a limit that passed. */
export function timeoutError(limit: keyof TimeLimits, limits: TimeLimits): ProviderError {
	const seconds = limits[limit] / 1000;
	const plural = seconds === 1 ? 'second' : 'seconds';
	return new ProviderError('timeout', `${PASSED[limit]} ${seconds} ${plural}`, {
		explanation: `Raise '${OPTIONS[limit]}', or try again later.`,
	});
}

/** @param end is called when the answer was read or closed */
function watched(
	response: TransportResponse,
	watchdog: Watchdog,
	end: () => void,
): TransportResponse {
	return {
		...response,
		body: watchedBody(response.body, watchdog, end),
		close: () => {
			end();
			response.close();
		},
	};
}

async function* watchedBody(
	body: AsyncIterable<Uint8Array>,
	watchdog: Watchdog,
	end: () => void,
): AsyncGenerator<Uint8Array> {
	try {
		for await (const bytes of body) {
			watchdog.pause();
			yield bytes;
			watchdog.expectMore();
		}
	} finally {
		end();
	}
}

/** Node fires a longer timer at once. In ms: 24.8 days. */
const MAX_TIMER = 2 ** 31 - 1;

/** How long a request may take, in ms. */
export interface TimeLimits {
	/** From sending to the last byte. */
	total: number;
	/**
	 * From sending to the first byte of the answer's body: some servers send the head when a request gets its
	 * turn, minutes before the first token.
	 */
	firstByte: number;
	/** Between two pieces of the answer. */
	idle: number;
}

/**
 * Watches the time limits of a request and calls back with the first that passes. Reporting that something
 * came costs nothing: one timer runs at a time, and when it ends it is set again for what is left. None is
 * longer than `idle`, as that limit may begin at any time. The clock of the machine may be set meanwhile.
 */
export class Watchdog {
	private readonly sentAt = now();
	/** What is waited for; nothing while the reader is busy. */
	private waiting: 'firstByte' | 'idle' | undefined = 'firstByte';
	private waitingSince = this.sentAt;
	private timer: AbortSignal;

	/** The limits run from now. */
	constructor(
		private readonly limits: TimeLimits,
		private readonly onPassed: (limit: keyof TimeLimits) => void,
	) {
		this.timer = this.sleep(Math.min(...(Object.values(limits) as number[])));
	}

	/** The reader wants more of an answer that has begun: it may be silent for so long from now. */
	expectMore(): void {
		this.waiting = 'idle';
		this.waitingSince = now();
	}

	/** A piece came: while the reader is busy with it, it is not the service that is silent. */
	pause(): void {
		this.waiting = undefined;
	}

	/** Without its listener the timer is garbage, which is the only way to clear one of its kind. */
	end(): void {
		this.timer.removeEventListener('abort', this.wake);
	}

	private readonly wake = (): void => {
		const { limits, waiting } = this;
		const wholeLeft = left(limits.total, this.sentAt);
		const waitLeft = waiting === undefined ? Infinity : left(limits[waiting], this.waitingSince);
		if (waiting !== undefined && waitLeft <= 0) this.onPassed(waiting);
		else if (wholeLeft <= 0) this.onPassed('total');
		else this.timer = this.sleep(Math.min(wholeLeft, waitLeft, limits.idle));
	};

	private sleep(milliseconds: number): AbortSignal {
		const timer = AbortSignal.timeout(Math.ceil(Math.min(milliseconds, MAX_TIMER)));
		timer.addEventListener('abort', this.wake, { once: true });
		return timer;
	}
}

function left(limit: number, since: number): number {
	return limit - (now() - since);
}
