import type { LocalService } from '../../dev/service/index.mts';

const LOOK_EVERY = 2;

/** Waits until it is so; the test's own time limit ends a wait in vain. */
export async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) await pause(LOOK_EVERY);
}

/** Waits until the service has received so many requests. */
export async function untilSeen(service: LocalService, requests: number): Promise<void> {
	await until(() => service.statistics().requests >= requests);
}

/** Waits until no connection to the service is open. */
export async function untilClosed(service: LocalService): Promise<void> {
	await until(() => service.statistics().openConnections === 0);
}

async function pause(milliseconds: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
