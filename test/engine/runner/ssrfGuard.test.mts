import { describe, expect, test } from 'vitest';

import { chain } from './chain.mts';
import { useRunner } from './useRunner.mts';

const { engineWith, server } = useRunner();

describe('SSRF guard', () => {
	const fetchFrom = (url: string) => chain({ name: 'Fetch', type: 'fetch', parameters: { url } });

	test('refuses a loopback address, in its own engine only', async () => {
		const guarded = await engineWith({ ssrfProtection: {} });
		const open = await engineWith();
		const runs = await Promise.all(
			[guarded, open].map((engine) => engine.run(fetchFrom(`${server().url}/x`))),
		);
		expect(runs.map(({ status }) => status)).toEqual(['error', 'success']);
		expect(runs[0]?.error?.message).toContain('restricted IP address');
		expect(server().requests).toHaveLength(1);
	});

	test('lets allowed host names through', async () => {
		const engine = await engineWith({ ssrfProtection: { allowedHostnames: ['localhost'] } });
		const run = await engine.run(fetchFrom(`http://localhost:${server().port}/x`));
		expect(run.status).toBe('success');
	});
});
