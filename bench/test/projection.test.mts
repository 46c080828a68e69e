import { expect, it } from 'vitest';

import { projection, workersForLimit } from '../queue/projection.mts';

const costs = {
	mainMilliseconds: 10,
	workerMilliseconds: 50,
	postgresMilliseconds: 5,
	overheadMilliseconds: 500,
	databaseBytes: 1_000,
	connections: 2,
};

it('Slots bound the rate where the service is slow', () => {
	const found = projection(costs, { workers: 10, concurrency: 5, answerSeconds: 2 });
	expect(found).toEqual({
		slots: 20,
		cores: 200,
		perSecond: 20,
		receivers: 1,
		postgresCores: 0.1,
		postgresConnections: 22,
		databaseBytesPerDay: 1_728_000_000,
		requestsPerMinute: 1_200,
	});
});

it('Cores bound it where there are slots enough', () => {
	const found = projection(costs, { workers: 10, concurrency: 500, answerSeconds: 2 });
	expect(found).toMatchObject({ slots: 2_000, perSecond: 200, receivers: 2 });
});

it.each([
	{ limit: 120, workers: 1 },
	{ limit: 121, workers: 2 },
	{ limit: 6_000, workers: 50 },
])('$limit requests a minute keep $workers workers busy', ({ limit, workers }) => {
	expect(workersForLimit(costs, limit, { concurrency: 5, answerSeconds: 2 })).toBe(workers);
});
