/** What one execution takes, as measured, and what each process holds. */
export interface Costs {
	/** CPU time for one execution, in ms. */
	mainMilliseconds: number;
	workerMilliseconds: number;
	postgresMilliseconds: number;
	/** Time in a worker beside the service's, in ms. */
	overheadMilliseconds: number;
	databaseBytes: number;
	/** Connections to PostgreSQL that each process holds. */
	connections: number;
}

/** How n8n is set up, and how long the service takes for an answer, in seconds. */
export interface Setup {
	workers: number;
	concurrency: number;
	answerSeconds: number;
}

export interface Projection {
	/** Executions per second that all slots allow. */
	slots: number;
	/** Executions per second that a core for each worker allows. */
	cores: number;
	/** The lesser of both. */
	perSecond: number;
	/** Processes that receive webhooks, each with a core of its own. */
	receivers: number;
	postgresCores: number;
	postgresConnections: number;
	databaseBytesPerDay: number;
	/** What the service must allow. */
	requestsPerMinute: number;
}

/**
 * What so many workers would do, if nothing else stood in their way:
 *
 *     slots = workers × concurrency ÷ (answer + overhead)      cores = workers ÷ CPU time in the worker
 *
 * Each execution is taken to send one request.
 */
export function projection(
	costs: Costs,
	{ workers, concurrency, answerSeconds }: Setup,
): Projection {
	const slots = (workers * concurrency) / (answerSeconds + costs.overheadMilliseconds / 1000);
	const cores = (workers * 1000) / costs.workerMilliseconds;
	const perSecond = Math.min(slots, cores);
	const receivers = Math.ceil((perSecond * costs.mainMilliseconds) / 1000);
	return {
		slots,
		cores,
		perSecond,
		receivers,
		postgresCores: (perSecond * costs.postgresMilliseconds) / 1000,
		postgresConnections: (workers + receivers) * costs.connections,
		databaseBytesPerDay: perSecond * costs.databaseBytes * 24 * 60 * 60,
		requestsPerMinute: perSecond * 60,
	};
}

/** How many workers use up a service's limit. */
export function workersForLimit(
	costs: Costs,
	requestsPerMinute: number,
	setup: Omit<Setup, 'workers'>,
): number {
	const { perSecond } = projection(costs, { ...setup, workers: 1 });
	return Math.ceil(requestsPerMinute / 60 / perSecond);
}
