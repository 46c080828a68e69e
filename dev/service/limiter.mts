/** A limit that the service keeps, as real ones do. */
export interface Limit {
	requests: number;
	/** In so many ms. */
	milliseconds: number;
	/**
	 * `window`: counted anew in each span of that length; `sliding`: in any span of that length; `bucket`:
	 * refilled all the time, and full at first. Default `window`.
	 */
	kind?: 'window' | 'sliding' | 'bucket';
	/** What it tells of the limit: when a request is refused, or in every answer. Default `retry-after-ms`. */
	headers?: Array<'retry-after' | 'retry-after-ms' | 'x-ratelimit'>;
}

/** What a limit says of one request. */
export interface Verdict {
	/** How long to wait, in ms; 0: the request is let through. */
	wait: number;
	remaining: number;
	/** Until there are as many as at first, in ms. */
	reset: number;
}

/** The headers that tell of the limit. */
export function limitHeaders({ requests, headers }: Limit, { wait, remaining, reset }: Verdict) {
	const told: Record<string, string> = {};
	for (const kind of headers ?? ['retry-after-ms']) {
		if (kind === 'x-ratelimit') {
			told['x-ratelimit-limit-requests'] = String(requests);
			told['x-ratelimit-remaining-requests'] = String(remaining);
			told['x-ratelimit-reset-requests'] = durationOf(reset);
		} else if (wait > 0) {
			told[kind] = String(kind === 'retry-after' ? Math.ceil(wait / 1000) : Math.ceil(wait));
		}
	}
	return told;
}

/** As OpenAI writes it: `12ms`, `1.5s`, `6m0s`. */
function durationOf(milliseconds: number): string {
	const rounded = Math.ceil(milliseconds);
	if (rounded < 1000) return `${rounded}ms`;
	const minutes = Math.floor(rounded / 60_000);
	return `${minutes > 0 ? `${minutes}m` : ''}${(rounded % 60_000) / 1000}s`;
}

/** Counts requests by a clock in ms. */
export function limiter(limit: Limit, clock: () => number): () => Verdict {
	const kinds = { window, sliding, bucket };
	return kinds[limit.kind ?? 'window'](limit, clock);
}

function window({ requests, milliseconds }: Limit, clock: () => number) {
	let [begin, used] = [-Infinity, 0];
	return (): Verdict => {
		const time = clock();
		if (time >= begin + milliseconds) [begin, used] = [time, 0];
		const reset = begin + milliseconds - time;
		if (used >= requests) return { wait: reset, remaining: 0, reset };
		used += 1;
		return { wait: 0, remaining: requests - used, reset };
	};
}

function sliding({ requests, milliseconds }: Limit, clock: () => number) {
	const taken: number[] = [];
	return (): Verdict => {
		const time = clock();
		while ((taken[0] ?? Infinity) <= time - milliseconds) taken.shift();
		const isFull = taken.length >= requests;
		if (!isFull) taken.push(time);
		const wait = isFull ? (taken[0] ?? 0) + milliseconds - time : 0;
		const reset = (taken.at(-1) ?? time) + milliseconds - time;
		return { wait, remaining: requests - taken.length, reset };
	};
}

function bucket({ requests, milliseconds }: Limit, clock: () => number) {
	const interval = milliseconds / requests;
	let [level, filledAt] = [requests, clock()];
	return (): Verdict => {
		const time = clock();
		level = Math.min(requests, level + (time - filledAt) / interval);
		filledAt = time;
		const wait = level < 1 ? (1 - level) * interval : 0;
		if (wait === 0) level -= 1;
		return { wait, remaining: Math.floor(level), reset: (requests - level) * interval };
	};
}
