import { expect, it } from 'vitest';

import { describeThroughBoth } from '../bothTransports.mts';
import { draw, type Drawing } from '../pictures.mts';
import { ACCESS, aiChats, COOKIE } from './ask.mts';

const SIZE = '[[size width=40 height=24]]';

describeThroughBoth('Ai-Chats pictures', { access: ACCESS }, (reach) => {
	const ask = async (directives: string): Promise<Drawing> =>
		await reach.use(
			async (transport) =>
				await draw(aiChats(reach, transport), 'dalle', `${directives}${SIZE} a kite`),
		);

	it.each(['absolute', 'relative', 'data'])('url kind=%s', async (kind) => {
		const { pictures, error } = await ask(`[[url kind=${kind}]]`);
		expect(error).toBeUndefined();
		expect(pictures).toEqual([
			{ mimeType: 'image/png', width: 40, height: 24, size: expect.any(Number) },
		]);
	});

	it.each(['png', 'jpeg', 'webp', 'gif', 'avif'])('%s is known by its bytes', async (type) => {
		const { pictures } = await ask(`[[format type=${type}]]`);
		expect(pictures).toMatchObject([{ mimeType: `image/${type}`, width: 40, height: 24 }]);
	});

	it('a JPEG that is called a PNG is a JPEG', async () => {
		const { pictures } = await ask('[[mislabelled]]');
		expect(pictures).toMatchObject([{ mimeType: 'image/jpeg', width: 40 }]);
	});

	it.each(['gzip', 'drip bytes=3'])('%s does not harm the answer', async (quirk) => {
		expect((await ask(`[[${quirk}]]`)).pictures).toMatchObject([{ mimeType: 'image/png' }]);
	});

	it('a large picture arrives to its last byte', async () => {
		const { pictures } = await ask('[[bytes total=7654321]]');
		expect(pictures).toMatchObject([{ mimeType: 'image/png', size: 7_654_321 }]);
	});

	it('three pictures come in their order', async () => {
		const { pictures, links } = await ask('[[images count=3]]');
		expect(pictures).toHaveLength(3);
		const paths = reach.service.requests.filter(({ method }) => method === 'GET');
		expect(paths.map(({ path }) => path)).toEqual(links.map((link) => new URL(link).pathname));
	});

	it('the cookie goes to the service and not to the host of the picture', async () => {
		await ask('');
		const seen = reach.service.requests.map(({ origin, headers }) => [origin, headers.cookie]);
		expect(seen).toEqual([
			['service', COOKIE],
			['pictures', undefined],
		]);
	});

	it('the cookie goes along to a picture of the service itself', async () => {
		await ask('[[url kind=relative]]');
		const seen = reach.service.requests.map(({ origin, headers }) => [origin, headers.cookie]);
		expect(seen).toEqual([
			['service', COOKIE],
			['service', COOKIE],
		]);
	});

	it.each(['same', 'pictures', 'service'])('picture-redirect to=%s is followed', async (to) => {
		const { pictures } = await ask(`[[picture-redirect to=${to}]]`);
		expect(pictures).toMatchObject([{ mimeType: 'image/png' }]);
		const cookies = reach.service.requests.map(({ headers }) => headers.cookie);
		expect(cookies).toEqual([COOKIE, undefined, to === 'service' ? COOKIE : undefined]);
	});
});
