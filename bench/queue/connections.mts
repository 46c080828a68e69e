import { queuedChat } from '../../test/n8n/aiWorkflows.mts';
import type { QueueBench } from './QueueBench.mts';

/** Only those of n8n. */
const POSTGRES = `select count(*) from pg_stat_activity
	where backend_type = 'client backend' and application_name <> 'psql'`;

/** Connections that n8n's processes hold under load, the main one and the workers, for each of them. */
export async function measureConnections(
	bench: QueueBench,
): Promise<{ postgres: number; redis: number }> {
	const { postgres, redis } = bench.queueLab;
	const processes = 1 + bench.workers.length;
	let most = 0;
	const load = bench.batch(queuedChat, 100, 'kite');
	const isOver = load.then(() => true);
	while (!(await Promise.race([isOver, Promise.resolve(false)]))) {
		most = Math.max(most, Number(await postgres.query(POSTGRES)));
	}
	return { postgres: most / processes, redis: (await redis.clients()) / processes };
}
