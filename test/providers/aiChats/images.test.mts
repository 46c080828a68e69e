import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { draw, type Drawing } from '../images.mts';
import { ACCESS, aiChats, COOKIE } from './ask.mts';

const SIZE = '[[size width=40 height=24]]';

describeThroughBoth('Ai-Chats images', { access: ACCESS }, (reach) => {
	const ask = async (directives: string): Promise<Drawing> =>
		await reach.use(
			async (transport) =>
				await draw(aiChats(reach, transport), 'dalle', `${directives}${SIZE} a kite`),
		);

	it.each(['absolute', 'relative', 'data'])('url kind=%s', async (kind) => {
		const { images, error } = await ask(`[[url kind=${kind}]]`);
		expect(error).toBeUndefined();
		expect(images).toEqual([
			{ mimeType: 'image/png', width: 40, height: 24, size: expect.any(Number) },
		]);
	});

	it.each(['png', 'jpeg', 'webp', 'gif', 'avif'])('%s is known by its bytes', async (type) => {
		const { images } = await ask(`[[format type=${type}]]`);
		expect(images).toMatchObject([{ mimeType: `image/${type}`, width: 40, height: 24 }]);
	});

	it('a JPEG that is called a PNG is a JPEG', async () => {
		const { images } = await ask('[[mislabelled]]');
		expect(images).toMatchObject([{ mimeType: 'image/jpeg', width: 40 }]);
	});

	it.each(['gzip', 'drip bytes=3'])('%s does not harm the answer', async (quirk) => {
		expect((await ask(`[[${quirk}]]`)).images).toMatchObject([{ mimeType: 'image/png' }]);
	});

	it('a large image arrives to its last byte', async () => {
		const { images } = await ask('[[bytes total=7654321]]');
		expect(images).toMatchObject([{ mimeType: 'image/png', size: 7_654_321 }]);
	});

	it('three images come in their order', async () => {
		const { images, links } = await ask('[[images count=3]]');
		expect(images).toHaveLength(3);
		const paths = reach.service.requests.filter(({ method }) => method === 'GET');
		expect(paths.map(({ path }) => path)).toEqual(links.map((link) => new URL(link).pathname));
	});

	it('the cookie goes to the service and not to the host of the image', async () => {
		await ask('');
		const seen = reach.service.requests.map(({ origin, headers }) => [origin, headers.cookie]);
		expect(seen).toEqual([
			['service', COOKIE],
			['images', undefined],
		]);
	});

	it('the cookie goes along to an image of the service itself', async () => {
		await ask('[[url kind=relative]]');
		const seen = reach.service.requests.map(({ origin, headers }) => [origin, headers.cookie]);
		expect(seen).toEqual([
			['service', COOKIE],
			['service', COOKIE],
		]);
	});

	it.each(['same', 'images', 'service'])('image-redirect to=%s is followed', async (to) => {
		const { images } = await ask(`[[image-redirect to=${to}]]`);
		expect(images).toMatchObject([{ mimeType: 'image/png' }]);
		const cookies = reach.service.requests.map(({ headers }) => headers.cookie);
		expect(cookies).toEqual([COOKIE, undefined, undefined]);
	});
});
