import { afterAll, beforeAll, beforeEach, describe } from 'vitest';

import {
	type LocalService,
	type LocalServiceOptions,
	startLocalService,
} from '../../dev/service/index.mts';
import type { Transport } from '../../providers/Transport.ts';
import type { Access } from './support/access.mts';
import { n8nKind } from './support/n8nKind.mts';
import type { OpenTransport, TransportKind } from './support/transportKind.mts';
import { undiciKind } from './support/undiciKind.mts';

export interface BothTransportsOptions {
	access: Access;
	service?: LocalServiceOptions;
}

/** What a test has: a service of its own, and a transport that reaches it. */
export interface Reach {
	service: LocalService;
	/** Runs the body with the transport, in a node's `execute()` where the transport is n8n's. */
	use<T>(body: (transport: Transport) => Promise<T>): Promise<T>;
}

/** Describes the same behaviour twice: through undici, and through n8n's helpers in the engine. */
export function describeThroughBoth(
	title: string,
	options: BothTransportsOptions,
	tests: (reach: Reach) => void,
): void {
	describe.each([undiciKind, n8nKind])(`${title}, through $name`, (kind) => {
		tests(openReach(kind, options));
	});
}

function openReach(
	kind: TransportKind,
	{ access, service: options }: BothTransportsOptions,
): Reach {
	let service: LocalService;
	let transport: OpenTransport;

	beforeAll(async () => {
		service = await startLocalService(options);
		transport = await kind.open(access, service.url);
	});
	beforeEach(() => service.reset());
	afterAll(async () => {
		await transport.close();
		await service.close();
	});

	return {
		get service() {
			return service;
		},
		use: async (body) => await transport.use(body),
	};
}
