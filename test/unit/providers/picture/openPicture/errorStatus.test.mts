import { describe, expect, test } from 'vitest';

import { page } from '../../../../support/memoryTransport.mts';
import { CAPTCHA_PAGE } from '../../../../support/pages.mts';

import { refusedPicture } from './opened.mts';

describe('an error status of the link', () => {
	test.each([403, 404, 410, 500])('%i is told as the link’s', async (status) => {
		const error = await refusedPicture([{ status, chunks: ['Expired'] }]);
		expect(error).toMatchObject({
			kind: 'http',
			message: `The picture's link answered with status ${status}`,
			retryable: false,
			details: { status, serviceMessage: 'Expired' },
		});
	});

	test('503 may be over at the next try', async () => {
		const headers = { 'retry-after': '2' };
		const error = await refusedPicture([{ status: 503, headers }]);
		expect(error).toMatchObject({ retryable: true, details: { retryAfter: 2000 } });
	});

	test('a captcha stays a captcha', async () => {
		expect((await refusedPicture([page(CAPTCHA_PAGE, 403)])).kind).toBe('blocked');
	});

	test('a redirect without a location is an error status', async () => {
		expect((await refusedPicture([{ status: 302 }])).details.status).toBe(302);
	});
});
