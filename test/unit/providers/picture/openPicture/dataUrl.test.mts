import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../../../support/failure.mts';

import { bytesOf, opened, PNG, refusedPicture } from './opened.mts';

describe('a data: URL', () => {
	const base64 = Buffer.from(PNG).toString('base64');

	test('is the picture itself: nothing is requested, its label does not count', async () => {
		const { transport, picture } = await opened([], `data:image/jpeg;base64,${base64}`);
		expect(picture).toMatchObject({ mimeType: 'image/png', width: 640, height: 480 });
		expect(await bytesOf(picture.bytes)).toEqual(Buffer.from(PNG));
		expect(() => picture.close()).not.toThrow();
		expect(transport.requests).toEqual([]);
	});

	test('percent-encoded is the picture too', async () => {
		const encoded = Array.from(PNG, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
		const { picture } = await opened([], `data:image/png,${encoded}`);
		expect(await bytesOf(picture.bytes)).toEqual(Buffer.from(PNG));
	});

	test('that is too large is refused', async () => {
		const link = `data:image/png;base64,${base64}`;
		const error = await providerErrorOf(async () => {
			const { picture } = await opened([], link, { largest: 10 });
			return await bytesOf(picture.bytes);
		});
		expect(error.kind).toBe('refused');
	});

	test.each([
		'data:image/png;base64,',
		'data:image/png;base64,!!!!',
		'data:image/png;base64',
		'data:,hello',
		'data:text/html,<html></html>',
		'data:image/svg+xml,%3Csvg%2F%3E',
	])('%j is no picture', async (link) => {
		expect((await refusedPicture([], link)).kind).toBe('protocol');
	});
});
