import { ProviderError, toProviderError } from '../providers/errors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import { LinkedController } from './LinkedController';
import { type TimeLimits, Watchdog } from './Watchdog';

/** Reasoning models are silent for minutes before they begin; a stream that pauses for one has stalled. */
export const DEFAULT_TIME_LIMITS: TimeLimits = {
	whole: 600_000,
	firstByte: 300_000,
	silence: 60_000,
};

const PASSED: Record<keyof TimeLimits, string> = {
	whole: 'The request took longer than',
	firstByte: 'No answer began within',
	silence: 'The answer paused longer than',
};

/** Ends requests that take too long, with an error that names which limit passed and how long it was. */
export class TimedTransport implements Transport {
	constructor(
		private readonly transport: Transport,
		private readonly limits: TimeLimits,
	) {}

	redact(text: string): string {
		return this.transport.redact(text);
	}

	async send(request: TransportRequest): Promise<TransportResponse> {
		const controller = new LinkedController(request.signal);
		const watchdog = new Watchdog(this.limits, (limit) => controller.abort(this.timeout(limit)));
		const end = () => {
			watchdog.end();
			controller.release();
		};
		try {
			const response = await this.transport.send({ ...request, signal: controller.signal });
			watchdog.expectMore();
			return watched(response, watchdog, end);
		} catch (error) {
			end();
			throw toProviderError(error);
		}
	}

	private timeout(limit: keyof TimeLimits): ProviderError {
		return new ProviderError('timeout', `${PASSED[limit]} ${this.limits[limit] / 1000} seconds`);
	}
}

/** @param end is called when the answer was read or let go of */
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
