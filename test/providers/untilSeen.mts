import { expect } from 'vitest';

import type { RecordedRequest } from '../../dev/service/index.mts';
import type { Reach } from './bothTransports.mts';

/** Waits until the service sees that the client closed the connection of its last request. */
export async function untilClosedByClient({ service }: Reach): Promise<void> {
	await expect.poll(() => service.requests.at(-1)?.finished).toBe('closed-by-client');
	await expect.poll(() => service.statistics().inFlight).toBe(0);
}

/** Waits until a request has come in. */
export async function untilReceived({ service }: Reach, count = 1): Promise<RecordedRequest> {
	await expect.poll(() => service.requests.length).toBeGreaterThanOrEqual(count);
	return service.requests[count - 1] as RecordedRequest;
}
