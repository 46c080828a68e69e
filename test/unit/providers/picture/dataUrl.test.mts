import { expect, test } from 'vitest';

import { decodeDataUrl, toDataUrl } from '../../../../providers/picture/dataUrl.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { png } from '../../../support/pictures.mts';
import { byteByByte } from '../../../support/splits.mts';
import { streamOf } from '../../../support/streams.mts';

const PNG = png(640, 480);
const BASE64 = Buffer.from(PNG).toString('base64');

function percent(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

test.each([
	['base64', `data:image/png;base64,${BASE64}`],
	['base64 without a type', `data:;base64,${BASE64}`],
	['base64 with a parameter', `data:image/png;name=a.png;base64,${BASE64}`],
	['base64 in capitals', `DATA:image/png;BASE64,${BASE64}`],
	['base64 without padding', `data:image/png;base64,${BASE64.replace(/=+$/, '')}`],
	['base64 with line breaks', `data:image/png;base64,${BASE64.replace(/.{10}/g, '$&\n')}`],
	['base64 for URLs', `data:image/png;base64,${Buffer.from(PNG).toString('base64url')}`],
	['percent-encoded base64', `data:image/png;base64,${encodeURIComponent(BASE64)}`],
	['percent-encoded bytes', `data:image/png,${percent(PNG)}`],
])('%s gives the bytes', (_form, url) => {
	expect(Buffer.from(decodeDataUrl(url))).toEqual(Buffer.from(PNG));
});

test('percent-encoded text gives its UTF-8', () => {
	expect(Buffer.from(decodeDataUrl('data:,a%20b,%C3%A9')).toString()).toBe('a b,é');
});

test('a stray percent sign is no harm', () => {
	expect(Buffer.from(decodeDataUrl('data:,100%')).toString()).toBe('100%');
});

test('no data is no bytes', () => {
	expect(decodeDataUrl('data:image/png;base64,')).toHaveLength(0);
	expect(decodeDataUrl('data:,')).toHaveLength(0);
});

test.each(['data:', 'data:image/png;base64'])('%j without a comma is malformed', async (url) => {
	expect((await providerErrorOf(() => decodeDataUrl(url))).kind).toBe('protocol');
});

test('a picture becomes a data: URL of its own type', async () => {
	const bytes = streamOf(...byteByByte(PNG));
	const picture = { mimeType: 'image/png', extension: 'png', bytes, close: () => {} } as const;
	expect(await toDataUrl(picture)).toBe(`data:image/png;base64,${BASE64}`);
});
