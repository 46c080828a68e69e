import { ProviderError, toProviderError } from '../providers/errors';
import type { Transport, TransportRequest, TransportResponse } from '../providers/Transport';
import { LinkedController } from './LinkedController';
import { Watchdog } from './Watchdog';

/** How long a request may take, in ms. */
export interface TimeLimits {
	/** From sending to the last byte. */
	whole: number;
	/** From sending to the head of the answer. */
	firstByte: number;
	/** Between two pieces of the answer. */
	silence: number;
}

/** Reasoning models are silent for minutes before they begin; a stream that pauses for one has stalled. */
export const DEFAULT_TIME_LIMITS: TimeLimits = {
	whole: 600_000,
	firstByte: 300_000,
	silence: 60_000,
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
		const { whole, firstByte, silence } = this.limits;
		const stop = (error: ProviderError) => controller.abort(error);
		const total = new Watchdog(whole, () => stop(timeout('The request took longer than', whole)));
		const head = new Watchdog(firstByte, () => stop(timeout('No answer began within', firstByte)));
		const end = () => {
			total.end();
			controller.release();
		};
		try {
			const response = await this.transport.send({ ...request, signal: controller.signal });
			const quiet = new Watchdog(silence, () =>
				stop(timeout('The answer paused longer than', silence)),
			);
			return watched(response, quiet, () => {
				quiet.end();
				end();
			});
		} catch (error) {
			end();
			throw toProviderError(error);
		} finally {
			head.end();
		}
	}
}

function timeout(what: string, milliseconds: number): ProviderError {
	return new ProviderError('timeout', `${what} ${milliseconds / 1000} seconds`);
}

/** @param end is called when the answer was read or let go of */
function watched(response: TransportResponse, quiet: Watchdog, end: () => void): TransportResponse {
	return {
		...response,
		body: watchedBody(response.body, quiet, end),
		close: () => {
			end();
			response.close();
		},
	};
}

async function* watchedBody(
	body: AsyncIterable<Uint8Array>,
	quiet: Watchdog,
	end: () => void,
): AsyncGenerator<Uint8Array> {
	try {
		for await (const bytes of body) {
			// While the reader is busy with a piece, it is not the service that is silent.
			quiet.pause();
			yield bytes;
			quiet.feed();
		}
	} finally {
		end();
	}
}
