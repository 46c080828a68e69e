import { describe, expect, test } from 'vitest';

import { openLink } from '../../../../../providers/picture/openPicture.ts';
import { providerErrorOf } from '../../../../support/failure.mts';
import { MemoryTransport } from '../../../../support/memoryTransport.mts';

import { bytesOf, large, LINK, opened, PNG, refusedPicture, SERVICE } from './opened.mts';

describe('the largest picture', () => {
	const largest = PNG.length;

	test('of exactly that size is taken', async () => {
		const headers = { 'content-length': String(PNG.length) };
		const { picture } = await opened([{ headers, chunks: [PNG] }], LINK, { largest });
		expect((await bytesOf(picture.bytes)).length).toBe(PNG.length);
	});

	test('a larger one is refused by its announced length, unread', async () => {
		const headers = { 'content-length': String(PNG.length + 1) };
		const transport = new MemoryTransport([{ headers, chunks: [PNG] }]);
		const error = await providerErrorOf(() => openLink(transport, SERVICE, LINK, { largest }));
		expect(error.kind).toBe('refused');
		expect(error.message).toContain(`${largest} bytes`);
		expect(transport.answers[0]).toMatchObject({ closed: true, chunksTaken: 0 });
	});

	test.each([{}, { 'content-length': '1' }, { 'content-length': 'many' }])(
		'a larger one is refused by counting, announced as %j',
		async (headers) => {
			const chunks = [PNG, Uint8Array.of(0), ...large(65_536 * 4).chunks!];
			const { transport, picture } = await opened([{ headers, chunks }], LINK, { largest });
			const error = await providerErrorOf(() => bytesOf(picture.bytes));
			expect(error.kind).toBe('refused');
			expect(transport.answers[0]).toMatchObject({ closed: true, bodyEnded: true });
			expect(transport.answers[0]?.chunksTaken).toBeLessThan(chunks.length);
		},
	);

	test('is 100 MB unless the caller says otherwise', async () => {
		const headers = { 'content-length': String(100 * 1024 * 1024 + 1) };
		expect((await refusedPicture([{ headers, chunks: [PNG] }])).kind).toBe('refused');
	});
});
