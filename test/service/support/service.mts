import { onTestFinished } from 'vitest';

import {
	startLocalService,
	type LocalService,
	type LocalServiceOptions,
	type RecordedRequest,
} from '../../../dev/service/index.mts';

/** A service of the test's own, ended with it. */
export async function openService(options?: LocalServiceOptions): Promise<LocalService> {
	const service = await startLocalService(options);
	onTestFinished(async () => await service.close());
	return service;
}

export function lastRequest(service: LocalService): RecordedRequest {
	const record = service.requests.at(-1);
	if (!record) throw new Error('nothing was received');
	return record;
}
