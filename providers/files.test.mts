import { describe, expect, test } from 'vitest';

import { gif, png } from '../test/support/images.mts';
import { decodeText, sniffFile, titled } from './files.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the kind of a file, by its bytes', () => {
	test.each<[string, Uint8Array, string | undefined]>([
		['PNG', png(1, 1), 'image/png'],
		['GIF', gif(1, 1), 'image/gif'],
		['PDF', latin1('%PDF-1.7\n%\xe2\xe3'), 'application/pdf'],
		['PDF after other bytes', latin1(`${'\0'.repeat(1024)}%PDF-1.4`), 'application/pdf'],
		['PDF too far behind', latin1(`${'\0'.repeat(1028)}%PDF-1.4`), undefined],
		['WAV', latin1('RIFF\x24\0\0\0WAVEfmt '), 'audio/wav'],
		['AVI, which is RIFF, too', latin1('RIFF\x24\0\0\0AVI LIST'), undefined],
		['MP3 with ID3', latin1('ID3\x04\0\0'), 'audio/mpeg'],
		['MP3, MPEG 1', latin1('\xff\xfb\x90\x64'), 'audio/mpeg'],
		['MP3, MPEG 1 with CRC', latin1('\xff\xfa\x90\x64'), 'audio/mpeg'],
		['MP3, MPEG 2', latin1('\xff\xf3\x40\xc4'), 'audio/mpeg'],
		['MP3, MPEG 2.5', latin1('\xff\xe3\x18\xc4'), 'audio/mpeg'],
		['a reserved version of MPEG', latin1('\xff\xea\x90\x64'), undefined],
		['a reserved bit rate', latin1('\xff\xfb\xf0\x64'), undefined],
		['a reserved sampling rate', latin1('\xff\xfb\x9c\x64'), undefined],
		['AAC', latin1('\xff\xf1\x50\x80'), undefined],
		['UTF-16 with its mark', latin1('\xff\xfea\0'), undefined],
		['ZIP', latin1('PK\x03\x04'), undefined],
		['PDF after a line', latin1('@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4'), 'application/pdf'],
		['text that speaks of PDF', latin1('It begins with %PDF-1.4.'), undefined],
		['a table with the column ID3', latin1('ID3\tname\n1\tZoe'), undefined],
		['text that speaks of ID3', latin1('ID3 tags are read.'), undefined],
		['text', latin1('a,b\n1,2'), undefined],
		['nothing', latin1(''), undefined],
	])('%s', (_name, bytes, mimeType) => {
		expect(sniffFile(bytes)?.mimeType).toBe(mimeType);
	});

	test('comes with its extension', () => {
		expect(sniffFile(latin1('%PDF-1.7'))).toEqual({
			kind: 'pdf',
			mimeType: 'application/pdf',
			extension: 'pdf',
		});
	});
});

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('the text of a file', () => {
	test.each<[string, Uint8Array, string, string | undefined]>([
		['UTF-8', Buffer.from('Grüße'), 'text/plain', 'Grüße'],
		['UTF-8 with its mark', Buffer.from('\ufeffGrüße'), '', 'Grüße'],
		['UTF-16 with its mark', utf16('\ufeffGrüße'), '', 'Grüße'],
		['UTF-16, big-endian', utf16('\ufeffGrüße').swap16(), '', 'Grüße'],
		['UTF-16 that its type declares', utf16('Grüße'), 'text/csv; charset=UTF-16LE', 'Grüße'],
		[
			'Latin-1 that its type declares',
			latin1('Gr\xfc\xdfe'),
			'text/csv; charset="ISO-8859-1"',
			'Grüße',
		],
		['a mark against its type', Buffer.from('\ufeffä'), 'text/plain; charset=latin1', 'ä'],
		['UTF-8 with an unknown charset', Buffer.from('ä'), 'text/plain; charset=x-nothing', 'ä'],
		['XML', latin1('<?xml version="1.0" encoding="ISO-8859-15"?><a>\xa4</a>'), '', '€</a>'],
		['HTML', latin1('<meta charset=windows-1251><p>\xcf'), 'text/html', '<p>П'],
		[
			'older HTML',
			latin1('<meta http-equiv=a content="text/html; charset=koi8-r"><p>\xf0'),
			'',
			'<p>П',
		],
		['XML that is UTF-8 but says UTF-16', Buffer.from('<?xml encoding="utf-16"?>äö'), '', 'äö'],
		['a log with colors', Buffer.from('\u001b[31mred\u001b[0m\tok\f'), '', 'red'],
		['bytes that are no UTF-8', latin1('Gr\xfc\xdfe'), 'text/csv', undefined],
		['NUL', Buffer.from('a\0b'), 'text/plain', undefined],
		['ZIP', latin1('PK\x03\x04\x14\0'), 'text/plain', undefined],
		['RTF', Buffer.from('{\\rtf1\\ansi Hi}'), 'text/rtf', undefined],
	])('%s', (_name, bytes, contentType, text) => {
		const decoded = decodeText(bytes, contentType);
		if (text === undefined) expect(decoded).toBeUndefined();
		else expect(decoded).toEqual({ text: expect.stringContaining(text) });
	});

	test('is read as what it looks like, which is told', () => {
		const bytes = latin1('Gr\xfc\xdfe');
		expect(decodeText(bytes, '', () => 'windows-1252')).toEqual({
			text: 'Grüße',
			guessed: 'windows-1252',
		});
	});

	test.each(['x-nothing', '', 'utf-8'])('a guess of %j does not help', (guess) => {
		expect(decodeText(latin1('Gr\xfc\xdfe'), '', () => guess)).toBeUndefined();
	});

	test('a guess does not make text of other files', () => {
		expect(decodeText(latin1('PK\x03\x04\xff\0'), '', () => 'windows-1252')).toBeUndefined();
	});

	test('nobody has to guess where the encoding is known', () => {
		const guess = () => expect.unreachable();
		expect(decodeText(Buffer.from('ä'), '', guess)).toEqual({ text: 'ä' });
	});
});

test('in a prompt it stands under its name', () => {
	expect(titled('a.csv', 'a,b')).toBe('File: a.csv\nContent:\na,b');
});
