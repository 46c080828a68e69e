import { expect, test } from 'vitest';

import { splitImages } from './markdownImages.ts';

const DATA = /^data:image\//;
const HTTP = /^http/;

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
		'brackets in the description',
		'![a [b] \\[c](data:image/png;base64,AA)',
		'',
		['data:image/png;base64,AA'],
	],
	['a link, not an image', '[b](data:image/png;base64,AA)', '[b](data:image/png;base64,AA)', []],
	['an image elsewhere', '![b](https://a.example/b.png)', '![b](https://a.example/b.png)', []],
	['an image without end', '![b](data:image/png;base64,AA', '![b](data:image/png;base64,AA', []],
	['a title', '![b](data:image/png;base64,AA "c")', '', ['data:image/png;base64,AA']],
	[
		'a link after an image with a title',
		'![b](data:image/png;base64,AA "c") [d](data:image/png;base64,BB)',
		'[d](data:image/png;base64,BB)',
		['data:image/png;base64,AA'],
	],
])('%s', (_, text, rest, links) => {
	expect(splitImages(text, DATA)).toEqual({ text: rest, links });
});

test.each([
	['parentheses', '![a](http://a/b_(1)_((2)).png)', 'http://a/b_(1)_((2)).png'],
	['escaped parentheses', String.raw`![a](http://a/\(b.png)`, 'http://a/(b.png'],
	['angle brackets', '![a](<http://a/b.png>)', 'http://a/b.png'],
	['a space in angle brackets', '![a](<http://a/b c.png> "d")', 'http://a/b c.png'],
	['a title in quotation marks', String.raw`![a](http://a/b.png "c (\"d\")")`, 'http://a/b.png'],
	['a title in apostrophes', "![a](http://a/b.png 'c')", 'http://a/b.png'],
	['a title in parentheses', '![a](http://a/b.png\n(c))', 'http://a/b.png'],
	['spaces around', '![a]( http://a/b.png )', 'http://a/b.png'],
	['an entity', '![a](http://a/b?c=1&amp;d=2)', 'http://a/b?c=1&d=2'],
	['a bracket before it', 'Look [ at ![a](http://a/b.png)', 'http://a/b.png'],
	['a link around it', '[![a](http://a/b.png)](http://a/page)', 'http://a/b.png'],
	['a link in its description', '![a [b](http://a/page)](http://a/b.png)', 'http://a/b.png'],
	['an exclamation mark before it', 'So!![a](http://a/b.png)', 'http://a/b.png'],
])('an image with %s is found', (_, text, link) => {
	expect(splitImages(`${text} and ![z](http://a/z)`, HTTP).links).toEqual([link, 'http://a/z']);
});

test.each([
	['a link after an opening', 'Look ![ and [here](http://a/page)'],
	['a link in brackets', '![a [b](http://a/page)'],
	['a parenthesis that stays open', '![a](http://a/b(c)'],
	['an angle bracket that stays open', '![a](<http://a/b.png)'],
	['two destinations', '![a](http://a/b.png http://a/c.png)'],
	['a title that stays open', '![a](http://a/b.png "c)'],
	['a title without a space', '![a](<http://a/b.png>"c")'],
	['an escaped opening', String.raw`!\[a](http://a/b.png)`],
	['an escaped end', String.raw`![a\](http://a/b.png)`],
])('%s is no image', (_, text) => {
	expect(splitImages(text, HTTP)).toEqual({ text, links: [] });
});

test.each([
	['links', `${'](http'.repeat(500_000)})`, 0],
	['images that do not end', `${'![](http'.repeat(500_000)} x)`, 0],
	['images in one another', `${'![](http'.repeat(500_000)})`, 1],
])('half a million %s take far less than quadratic time', (_, text, count) => {
	const begin = performance.now();
	expect(splitImages(text, HTTP).links).toHaveLength(count);
	expect(performance.now() - begin).toBeLessThan(3000);
});
