import { describe, expect, test } from 'vitest';

import { large, opened } from './opened.mts';

describe('letting go', () => {
	test('close() closes the answer', async () => {
		const { transport, picture } = await opened([large(65_536 * 2)]);
		expect(transport.answers[0]?.closed).toBe(false);
		picture.close();
		expect(transport.answers[0]?.closed).toBe(true);
	});

	test('leaving the bytes early ends the body', async () => {
		const { transport, picture } = await opened([large(65_536 * 4)]);
		for await (const chunk of picture.bytes) {
			expect(chunk.length).toBe(65_536);
			break;
		}
		expect(transport.answers[0]).toMatchObject({ bodyEnded: true, chunksTaken: 1 });
	});
});
