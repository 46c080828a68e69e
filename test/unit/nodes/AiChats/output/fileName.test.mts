import fc from 'fast-check';
import { expect, test } from 'vitest';

import { pictureFileName } from '../../../../../nodes/AiChats/output/fileName.ts';

test.each([
	['lighthouse', 'lighthouse.png'],
	['A lighthouse at dusk', 'A-lighthouse-at-dusk.png'],
	['v1.2_final-b', 'v1.2_final-b.png'],
	['Größe 漢字', 'Größe-漢字.png'],
	['Gro\u0308ße', 'Größe.png'],
	['../../etc/passwd', 'etc-passwd.png'],
	['C:\\Windows\\system32', 'C-Windows-system32.png'],
	['/absolute/path', 'absolute-path.png'],
	['..', 'image.png'],
	['...hidden...', 'hidden.png'],
	['a..b', 'a.b.png'],
	['a\0b\nc\td\x7fe', 'a-b-c-d-e.png'],
	['😀 smile 😀', 'smile.png'],
	['evil\u202Egnp.exe', 'evil-gnp.exe.png'],
	['a\u200Bb', 'a-b.png'],
	['"<>|:*?', 'image.png'],
	['', 'image.png'],
	['  ', 'image.png'],
	['😀', 'image.png'],
	['photo.jpg', 'photo.png'],
	['photo.JPEG', 'photo.png'],
	['photo.svg', 'photo.png'],
	['photo.tiff', 'photo.png'],
	['photo.jpg ', 'photo.png'],
	['photo.txt', 'photo.txt.png'],
	['.png', 'image.png'],
])('%j becomes %j', (wish, name) => {
	expect(pictureFileName(wish, 'png', 1)).toBe(name);
});

test('the extension is that of the bytes', () => {
	expect(pictureFileName('photo.png', 'avif', 1)).toBe('photo.avif');
});

test('pictures after the first have their number', () => {
	expect([1, 2, 10].map((number) => pictureFileName('a.png', 'png', number))).toEqual([
		'a.png',
		'a-2.png',
		'a-10.png',
	]);
	expect(pictureFileName('', 'png', 2)).toBe('image-2.png');
});

test('a long wish is cut, between characters and not at a dash', () => {
	expect(pictureFileName('x'.repeat(500), 'png', 1)).toBe(`${'x'.repeat(60)}.png`);
	expect(pictureFileName(`${'x'.repeat(59)} y`, 'png', 1)).toBe(`${'x'.repeat(59)}.png`);
	expect(pictureFileName('𠀀'.repeat(80), 'png', 1)).toBe(`${'𠀀'.repeat(60)}.png`);
});

test('whatever is wished for, the name is a safe one', () => {
	const wish = fc.string({ unit: 'binary', maxLength: 120 });
	fc.assert(
		fc.property(wish, fc.integer({ min: 1, max: 10 }), (text, number) => {
			const name = pictureFileName(text, 'webp', number);
			expect(name).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._-]*\.webp$/u);
			expect(name).not.toContain('..');
			expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
		}),
		{ numRuns: 500 },
	);
});
