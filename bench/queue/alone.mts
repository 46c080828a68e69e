import { queuedChat } from '../../test/n8n/aiWorkflows.mts';
import { startAll } from '../../test/n8n/queue.mts';
import { medianOf } from '../statistics/spread.mts';
import type { QueueBench } from './QueueBench.mts';

const TIMES = 30;

/** Chat executions one at a time, medians in ms. */
export async function measureAlone(bench: QueueBench): Promise<{ answer: number; end: number }> {
	const workflow = await bench.workflow(queuedChat);
	const answers: number[] = [];
	const ids: string[] = [];
	for (let time = 0; time < TIMES; time++) {
		const started = performance.now();
		const [id] = await startAll(bench.queueLab.lab, workflow, ['kite']);
		answers.push(performance.now() - started);
		ids.push(id as string);
		await bench.untilEnded([id as string]);
	}
	const rows = await bench.queueLab.postgres.query(
		`select extract(epoch from "stoppedAt" - "createdAt") * 1000
		from execution_entity where id in (${ids.join(', ')})`,
	);
	return { answer: medianOf(answers), end: medianOf(rows.split('\n').map(Number)) };
}
