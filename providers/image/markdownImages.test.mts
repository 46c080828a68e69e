import { expect, test } from 'vitest';

import { splitImages } from './markdownImages.ts';

const START = 'data:image/';

test.each([
	['no image', 'Just text.', 'Just text.', []],
	['an image alone', '![](data:image/png;base64,AA)', '', ['data:image/png;base64,AA']],
	['an image in text', 'A ![b](data:image/gif;base64,AA) c', 'A  c', ['data:image/gif;base64,AA']],
	[
		'two images',
		'![a](data:image/png;base64,AA)![b](data:image/png;base64,BB)',
		'',
		['data:image/png;base64,AA', 'data:image/png;base64,BB'],
	],
	[
		'a bracket in the description',
		'![a [b](data:image/png;base64,AA)',
		'',
		['data:image/png;base64,AA'],
	],
	['a link, not an image', '[b](data:image/png;base64,AA)', '[b](data:image/png;base64,AA)', []],
	['an image elsewhere', '![b](https://a.example/b.png)', '![b](https://a.example/b.png)', []],
	['an image without end', '![b](data:image/png;base64,AA', '![b](data:image/png;base64,AA', []],
	['a title', '![b](data:image/png;base64,AA "c")', '![b](data:image/png;base64,AA "c")', []],
	[
		'a link after an image with a title',
		'![b](data:image/png;base64,AA "c") [d](data:image/png;base64,BB)',
		'![b](data:image/png;base64,AA "c") [d](data:image/png;base64,BB)',
		[],
	],
])('%s', (_, text, rest, links) => {
	expect(splitImages(text, START)).toEqual({ text: rest, links });
});

test.each([
	['links', `${'](http'.repeat(500_000)})`, 0],
	['images that do not end', `${'![](http'.repeat(500_000)} )`, 0],
	['images in one another', `${'![](http'.repeat(500_000)})`, 1],
])('half a million %s take far less than quadratic time', (_, text, count) => {
	const begin = performance.now();
	expect(splitImages(text, 'http').links).toHaveLength(count);
	expect(performance.now() - begin).toBeLessThan(3000);
});
