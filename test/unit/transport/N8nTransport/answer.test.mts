import { describe, expect, test } from 'vitest';

import { bytesOf } from '../../../support/splits.mts';
import { collect } from '../../../support/streams.mts';

import { bodyOf, ok, open, POST } from './opened.mts';

describe('the answer', () => {
	test.each([200, 302, 404, 500])('of status %i is an answer', async (statusCode) => {
		const { transport } = open(() => ({ ...ok(), statusCode }));
		expect((await transport.send(POST)).status).toBe(statusCode);
	});

	test('has lower-case names, repeated headers joined', async () => {
		const headers = {
			'Content-Type': 'text/html',
			'set-cookie': ['a=1', 'b=2'],
			'x-none': undefined,
		};
		const { transport } = open(() => ({ ...ok(), headers }));
		expect((await transport.send(POST)).headers).toEqual({
			'content-type': 'text/html',
			'set-cookie': 'a=1, b=2',
			'x-none': '',
		});
	});

	test('without headers has none', async () => {
		const { transport } = open(() => ({ ...ok(), headers: undefined }));
		expect((await transport.send(POST)).headers).toEqual({});
	});

	test('is read as it comes', async () => {
		const { transport } = open(() => ok(bytesOf('ab'), bytesOf('cd')));
		const { body } = await transport.send(POST);
		expect(await collect(body)).toEqual([bytesOf('ab'), bytesOf('cd')]);
	});

	test('is destroyed by close()', async () => {
		const { state, body } = bodyOf(bytesOf('ab'));
		const { transport } = open(() => ({ statusCode: 200, headers: {}, body }));
		const response = await transport.send(POST);
		expect(state.destroyed).toBe(false);
		response.close();
		expect(state.destroyed).toBe(true);
	});

	test('that is left early ends its stream', async () => {
		const body = bodyOf(bytesOf('ab'), bytesOf('cd')).body;
		const { transport } = open(() => ({ statusCode: 200, headers: {}, body }));
		const response = await transport.send(POST);
		for await (const chunk of response.body) {
			expect(chunk).toEqual(bytesOf('ab'));
			break;
		}
		expect(await body.next()).toEqual({ done: true, value: undefined });
	});
});
