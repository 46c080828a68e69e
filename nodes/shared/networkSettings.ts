import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../transport/retryPolicy';
import { DEFAULT_TIME_LIMITS } from '../../transport/TimedTransport';
import type { TimeLimits } from '../../transport/Watchdog';
import type { NetworkFields } from './properties/network.properties';

/** How patient requests are, in ms. */
export interface NetworkSettings {
	limits: TimeLimits;
	retry: RetryPolicy;
}

/** From seconds, as users set them; what is not set has its default. */
export function networkSettings(fields: NetworkFields): NetworkSettings {
	return {
		limits: {
			whole: milliseconds(fields.timeout, DEFAULT_TIME_LIMITS.whole),
			firstByte: milliseconds(fields.firstByteTimeout, DEFAULT_TIME_LIMITS.firstByte),
			silence: milliseconds(fields.silenceTimeout, DEFAULT_TIME_LIMITS.silence),
		},
		retry: {
			retries: fields.maxRetries ?? DEFAULT_RETRY_POLICY.retries,
			longestWait: milliseconds(fields.longestRetryWait, DEFAULT_RETRY_POLICY.longestWait),
		},
	};
}

function milliseconds(seconds: number | undefined, standard: number): number {
	return seconds === undefined ? standard : Math.ceil(seconds * 1000);
}
