import { describe, expect, test } from 'vitest';

import { eventStream } from '../../../../support/memoryTransport.mts';
import { collect } from '../../../../support/streams.mts';

import { HELLO, service } from './service.mts';

describe('an answer of text', () => {
	test('comes fragment by fragment and ends with its reason', async () => {
		const { transport, provider } = service(eventStream('data: Hel', 'data: lo', 'data:  world'));
		expect(await collect(provider.createAsyncGenerator('gpt-4', HELLO))).toEqual([
			{ type: 'text', text: 'Hel' },
			{ type: 'text', text: 'lo' },
			{ type: 'text', text: ' world' },
			{ type: 'finish', reason: 'stop' },
		]);
		expect(transport.letGoOfAll).toBe(true);
	});

	test('comes as one string where asked for at once', async () => {
		const { provider } = service(eventStream('data: Hel', 'data: lo '));
		expect(await provider.createAsync('gpt-4', HELLO)).toBe('Hello');
	});

	test('that is left early lets go of the connection', async () => {
		const { transport, provider } = service(eventStream('data: a', 'data: b', 'data: c'));
		for await (const chunk of provider.createAsyncGenerator('gpt-4', HELLO)) {
			expect(chunk).toEqual({ type: 'text', text: 'a' });
			break;
		}
		expect(transport.answers).toEqual([{ closed: true, bodyEnded: true, chunksTaken: 1 }]);
	});

	test('that ends with [DONE] lets go of the connection', async () => {
		const { transport, provider } = service(eventStream('data: a', 'data: [DONE]', 'data: b'));
		expect(await provider.createAsync('gpt-4', HELLO)).toBe('a');
		expect(transport.answers[0]).toMatchObject({ closed: true, chunksTaken: 2 });
	});
});
