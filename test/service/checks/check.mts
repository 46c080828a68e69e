import { expect, vi } from 'vitest';

import type { LocalService } from '../../../dev/service/index.mts';
import { chatBody, completionBody } from '../support/requests.mts';
import { lastRequest } from '../support/service.mts';
import { onWire, openWire, type WireAnswer, type WireRequest } from '../support/wire.mts';

/** Shows that a directive does on the wire what the table says. */
export type Check = (service: LocalService) => Promise<void>;
export type Checks = Record<string, Check>;

export async function chatOnWire({ url }: LocalService, prompt: string): Promise<WireAnswer> {
	return await onWire(url, { path: '/chat/send2/', body: chatBody(prompt) });
}

export async function completeOnWire(
	{ url }: LocalService,
	prompt: string,
	more: object = { stream: true },
): Promise<WireAnswer> {
	return await onWire(url, { path: '/v1/chat/completions', body: completionBody(prompt, more) });
}

/** The service falls silent after `text`: nothing more comes while it answers another request. */
export async function expectSilence(
	service: LocalService,
	origin: string,
	request: WireRequest,
	isReached: (received: Buffer) => boolean,
): Promise<void> {
	const socket = openWire(origin, request);
	let received = Buffer.alloc(0);
	socket.on('data', (bytes: Buffer) => (received = Buffer.concat([received, bytes])));
	await vi.waitFor(() => {
		expect(service.statistics().inFlight).toBe(1);
		expect(isReached(received)).toBe(true);
	});
	const record = lastRequest(service);
	const before = received.length;
	await (await fetch(`${service.url}/v1/models`)).text();
	expect(received.length).toBe(before);
	expect(record.finished).toBeUndefined();
	socket.destroy();
	await vi.waitFor(() => expect(record.finished).toBe('closed-by-client'));
}
