import { queuedImage } from '../../test/n8n/aiWorkflows.mts';
import type { QueueBench } from './QueueBench.mts';

const EXECUTIONS = 40;
/** Not padded: padding would be compressed by PostgreSQL, which an image cannot be. */
const PROMPT = '[[size width=2048 height=2048]] kite';

/** What the database has for images that are kept in it, in bytes for each. */
export async function measurePictures(
	bench: QueueBench,
): Promise<{ bytes: number; stored: number }> {
	await bench.batch(queuedImage, EXECUTIONS, PROMPT);
	const row = await bench.queueLab.postgres.query(
		`select avg("fileSize"), pg_total_relation_size('binary_data') / count(*) from binary_data`,
	);
	const [bytes, stored] = row.split('|').map(Number) as [number, number];
	return { bytes, stored };
}
