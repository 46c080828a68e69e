import { expect, test } from 'vitest';

import { ImageResponse } from './types.ts';

test('holds the links in their order and the prompt they were made from', () => {
	const { images, alt } = new ImageResponse(['https://a/1.png', 'https://a/2.png'], 'a cat');
	expect(images).toEqual(['https://a/1.png', 'https://a/2.png']);
	expect(alt).toBe('a cat');
});
