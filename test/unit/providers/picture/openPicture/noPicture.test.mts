import { describe, expect, test } from 'vitest';

import { page } from '../../../../support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../../../support/pages.mts';
import * as files from '../../../../support/pictures.mts';

import { refusedPicture } from './opened.mts';

describe('what is no picture', () => {
	test('a page', async () => {
		const error = await refusedPicture([page(PLAIN_PAGE)]);
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service answered with a web page',
		});
		expect(error.details.serviceMessage).toBe('Welcome to nginx!');
	});

	test('a captcha', async () => {
		expect((await refusedPicture([page(CAPTCHA_PAGE)])).kind).toBe('blocked');
	});

	test('nothing', async () => {
		for (const chunks of [[], [new Uint8Array()]]) {
			const error = await refusedPicture([{ chunks }]);
			expect(error).toMatchObject({ kind: 'protocol', message: 'The picture is empty' });
		}
	});

	test('text is quoted', async () => {
		const error = await refusedPicture([{ chunks: ['{"error":"expired s3cret-value"}'] }]);
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service sent something that is no picture',
			details: { serviceMessage: 'expired *****' },
		});
	});

	test('SVG is a document', async () => {
		const chunks = ['<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'];
		const headers = { 'content-type': 'image/svg+xml' };
		expect((await refusedPicture([{ headers, chunks }])).kind).toBe('protocol');
	});

	test('other bytes are not quoted', async () => {
		const error = await refusedPicture([{ chunks: [files.join('BM', [0, 1, 0xff])] }]);
		expect(error.kind).toBe('protocol');
		expect(error.details.serviceMessage).toBe('');
	});
});
