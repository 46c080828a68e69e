import { afterAll, beforeAll, expect, it } from 'vitest';

import { type LocalService, startLocalService } from '../../dev/service/index.mts';
import { untilClosed, untilSeen } from '../chaos/seen.mts';
import { startChild, told, untilEnded } from './child.mts';

let service: LocalService;
beforeAll(async () => {
	service = await startLocalService({ directives: '[[size width=40 height=40]]' });
});
afterAll(async () => await service.close());

const LIMITED = '[[status code=429 retry-after=30]]';
const HALF_IMAGE = '[[stall-after on=image]]';
const TEN = { parallelRequests: 10 };

it.each([
	{ moment: 'waits for answers', operation: 'chat', directive: '[[stall]]', options: TEN },
	{
		moment: 'gets answers',
		operation: 'chat',
		directive: '[[endless]][[pace ms=5]]',
		options: TEN,
	},
	{ moment: 'waits for retries', operation: 'chat', directive: LIMITED, options: TEN },
	{ moment: 'fetches images', operation: 'image', directive: HALF_IMAGE, options: TEN },
	{
		moment: 'waits for its next start',
		operation: 'chat',
		directive: '[[stall]]',
		options: { delayBetweenRequests: 20_000 },
		seen: 1,
	},
])(
	'a run that $moment leaves nothing behind when it is stopped',
	async ({ operation, directive, options, seen = 10 }) => {
		service.reset();
		const parameters = [service.url, operation, directive, JSON.stringify(options)];
		const child = startChild('stoppedRun.mts', parameters);
		await untilSeen(service, seen);
		child.send('stop');
		const result = await told<{ status: string; left: string[] }>(child);
		expect(result).toEqual({ status: 'canceled', left: [] });
		await untilClosed(service);
		expect(await untilEnded(child)).toBe(0);
	},
);
