import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { draw, type Drawing, drawingFailure } from '../images.mts';
import { untilClosedByClient, untilReceived } from '../untilSeen.mts';
import { ACCESS, aiChats } from './ask.mts';

const SIZE = '[[size width=40 height=24]]';

const ANSWERS = [
	{ fault: 'no-data', kind: 'protocol', message: 'Unexpected response format' },
	{ fault: 'empty-array', kind: 'protocol', message: 'Unexpected response format' },
	{ fault: 'no-url', kind: 'protocol', message: 'No image URL found in the response' },
	{ fault: 'broken-json', kind: 'protocol', message: 'broken JSON' },
	{ fault: 'error-200', kind: 'http', message: 'reports an error' },
	{ fault: 'captcha', kind: 'blocked', message: 'captcha' },
	{ fault: 'checking', kind: 'blocked', message: 'captcha' },
	{ fault: 'empty', kind: 'protocol', message: 'empty answer' },
	{ fault: 'reset', kind: 'network', message: 'could not be reached' },
	{ fault: 'status code=403 body=html', kind: 'http', message: '403' },
	{ fault: 'status code=500', kind: 'http', message: '500' },
];

const IMAGES = [
	{ fault: 'wrong-type', kind: 'protocol', message: 'web page' },
	{ fault: 'svg', kind: 'protocol', message: 'not an image' },
	{ fault: 'expired', kind: 'http', message: 'status 403' },
	{ fault: 'gone', kind: 'http', message: 'status 404' },
	{ fault: 'no-image', kind: 'protocol', message: 'empty' },
	{ fault: 'captcha on=image', kind: 'blocked', message: 'captcha' },
	{ fault: 'status code=503 on=image', kind: 'http', message: 'status 503' },
	{ fault: 'reset on=image', kind: 'network', message: 'could not be reached' },
	{ fault: 'image-redirect to=loop', kind: 'protocol', message: 'redirects' },
	{ fault: 'image-redirect to=file', kind: 'refused', message: 'not http' },
];

const LINKS = [
	'file:///etc/hostname',
	'javascript:alert(1)',
	'ftp://127.0.0.1/kite.png',
	'http://user:password@127.0.0.1/kite.png',
	'http://169.254.169.254/latest/meta-data',
	'http://',
];

describeThroughBoth('Ai-Chats image faults', { access: ACCESS }, (reach) => {
	const ask = async (directives: string, options = {}): Promise<Drawing> =>
		await reach.use(
			async (transport) =>
				await draw(aiChats(reach, transport), 'dalle', `${directives}${SIZE} a kite`, options),
		);

	it.each([...ANSWERS, ...IMAGES])('$fault is $kind', async ({ fault, kind, message }) => {
		const drawing = await ask(`[[${fault}]]`);
		const error = drawingFailure(drawing);
		expect({ kind: error.kind, images: drawing.images }).toEqual({ kind, images: [] });
		expect(error.message).toContain(message);
	});

	it.each(['no-data', 'empty-array', 'no-url', 'broken-json'])('%s is quoted', async (fault) => {
		const { details } = drawingFailure(await ask(`[[${fault}]]`));
		expect(details).toMatchObject({ status: 200, serviceMessage: expect.stringMatching(/^\{/) });
	});

	it.each(LINKS)('the link %s is refused, and nothing is fetched', async (link) => {
		const error = drawingFailure(await ask(`[[link value=${JSON.stringify(link)}]]`));
		expect(error.kind).toBe('refused');
		expect(reach.service.requests).toHaveLength(1);
	});

	it.each(['cut', 'reset-after'])('%s in the answer is an error', async (fault) => {
		const drawing = await ask(`[[${fault}]]`);
		expect(['network', 'truncated', 'protocol']).toContain(drawingFailure(drawing).kind);
		expect(drawing.images).toEqual([]);
	});

	it.each(['cut', 'cut after=100', 'reset-after'])('%s in the image', async (fault) => {
		const drawing = await ask(`[[${fault} on=image]][[bytes total=3000000]]`);
		expect(['network', 'truncated']).toContain(drawingFailure(drawing).kind);
		expect(drawing.images).toEqual([]);
	});

	it('an image over the limit is refused by its length, before it is read', async () => {
		const drawing = await ask('[[bytes total=20000000]]', { largest: 1_000_000 });
		expect(drawingFailure(drawing).kind).toBe('refused');
		await untilClosedByClient(reach);
	});

	it('an image that stalls ends when it is aborted', async () => {
		const controller = new AbortController();
		const drawing = ask('[[stall-after fragments=200 on=image]]', { signal: controller.signal });
		await untilReceived(reach, 2);
		controller.abort();
		expect(drawingFailure(await drawing).kind).toBe('aborted');
		await untilClosedByClient(reach);
	});
});
