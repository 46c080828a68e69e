import type { Limit } from './limiter.mts';
import type { RecordedRequest, Statistics } from './recording.mts';

export interface ChaosOptions {
	/** Same seed, same prompts: same faults, in whatever order the requests arrive. */
	seed: number;
	/** Share of the requests that get a fault, 0 to 1. */
	rate: number;
	/** Directives to choose from, such as `status code=503` or `cut after=3`. */
	faults: string[];
}

export interface LocalServiceOptions {
	/** Port of the protocols; 0 or undefined: any free one. */
	port?: number | undefined;
	/** Port of the origin that serves images, as a CDN would; 0 or undefined: any free one. */
	imagePort?: number | undefined;
	/** Milliseconds between two fragments of a streamed answer. */
	paceMilliseconds?: number | undefined;
	/** Milliseconds before an answer begins. */
	latencyMilliseconds?: number | undefined;
	/** When set, the Ai-Chats routes show a captcha page to whoever sends another cookie. */
	cookie?: string | undefined;
	/** When set, the OpenAI routes answer 401 to whoever sends another bearer token. */
	apiKey?: string | undefined;
	/** PEM texts; when set, both origins speak https. */
	tls?: { key: string; cert: string } | undefined;
	chaos?: ChaosOptions | undefined;
	/** When set, requests for answers beyond it are refused with 429, before anything else happens to them. */
	limit?: Limit | undefined;
	/** Directives in force for every request, e.g. `[[gzip]][[refuse-stream]]`. */
	directives?: string | undefined;
	/** Receives one access log line per finished request, secrets masked. */
	onLine?: ((line: string) => void) | undefined;
	/** How many requests are kept for inspection, default 10,000; the oldest are dropped. */
	keepRequests?: number | undefined;
}

export interface Hold {
	/** Settles when the fragments before the hold are on the wire. */
	reached: Promise<void>;
	release(): void;
}

export interface LocalService {
	/** Base of both protocols, no trailing slash. */
	url: string;
	/** Base of the images, no trailing slash. */
	imagesUrl: string;
	/** What both origins received, in order of arrival. */
	requests: RecordedRequest[];
	statistics(): Statistics;
	/** The next streamed answer sends so many fragments, then waits for `release()`. */
	holdAfter(fragments: number): Hold;
	/** Forgets requests, statistics and `times=` counts, and ends holds. */
	reset(): void;
	/** Ends everything at once, open connections too. */
	close(): Promise<void>;
}
