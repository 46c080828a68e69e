import { startLocalService } from '../service/index.mts';
import type { DemoOptions } from './options.mts';

/** Slow enough to watch the text arrive, in ms per fragment. */
const PACE = 25;

export interface DemoService {
	url: string;
	close(): Promise<void>;
}

/** The service that the user named, or the local stand-in. */
export async function openService({ baseUrl }: DemoOptions): Promise<DemoService> {
	if (baseUrl !== undefined) return { url: baseUrl, close: async () => undefined };
	return await startLocalService({ paceMilliseconds: PACE });
}
