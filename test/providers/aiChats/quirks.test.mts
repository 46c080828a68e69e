import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { ACCESS, chat, saying } from './ask.mts';

const TEXT = 'Grüße aus Zürich,  世界 🌍\nund  eine zweite Zeile: {"a": 1}\n\nEnde.';

const QUIRKS = [
	'pace ms=0',
	'crlf',
	'cr',
	'bom',
	'comments',
	'fields',
	'empty-data',
	'no-space',
	'split-newline',
	'done',
	'gzip',
];

const ALL_AT_ONCE = ['crlf', 'bom', 'comments', 'fields', 'empty-data', 'no-space', 'done'];

describeThroughBoth('Ai-Chats stream quirks', { access: ACCESS }, (reach) => {
	it.each(QUIRKS)('%s does not harm the text', async (quirk) => {
		const { text, error, chunks } = await chat(reach, saying(TEXT, quirk));
		expect(error).toBeUndefined();
		expect(text).toBe(TEXT);
		expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
	});

	it.each(QUIRKS.flatMap((quirk) => [1, 2, 3, 4, 5].map((bytes) => ({ quirk, bytes }))))(
		'$quirk, with characters and lines split every $bytes bytes',
		async ({ quirk, bytes }) => {
			const { text, error } = await chat(reach, saying(TEXT, quirk, `drip bytes=${bytes}`));
			expect(error).toBeUndefined();
			expect(text).toBe(TEXT);
		},
	);

	it.each([1, 2, 3])('all quirks at once, split every %d bytes', async (bytes) => {
		const { text } = await chat(reach, saying(TEXT, ...ALL_AT_ONCE, `drip bytes=${bytes}`));
		expect(text).toBe(TEXT);
	});

	it('takes one space as framing and the second one as text', async () => {
		const { texts } = await chat(reach, saying('Hello  wide world'));
		expect(texts).toEqual(['Hello', '  wide', ' world']);
	});

	it('trims the ends of the text, not those of its fragments', async () => {
		const { text } = await chat(reach, saying('\n  one\ntwo  three \n ', 'fragments count=9'));
		expect(text).toBe('one\ntwo  three');
	});

	it('keeps a backslash that no n follows', async () => {
		const { text } = await chat(reach, saying('a \\ b \\', 'fragments count=7'));
		expect(text).toBe('a \\ b \\');
	});

	it('reads a fragment of 3 MB in a single line', async () => {
		const { text } = await chat(reach, saying('Ja. Gut.', 'huge-line bytes=3000000 after=1'));
		expect(text).toBe(`Ja.${'x'.repeat(3_000_000)} Gut.`);
	});
});
