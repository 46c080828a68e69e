import type { QueueLab } from '../../../dev/n8n/queue/QueueLab.mts';
import type { Execution } from '../../../dev/n8n/N8nClient.mts';
import { type ArrivedChunk, postForStream } from '../streamClient.mts';
import { errorWorkflow, queuedChat, streamedChat } from '../workflows/queued.mts';
import { untilEnded } from './ended.mts';
import { holdAnswers } from './inFlight.mts';
import { publish, startAll, webhookOf } from './webhooks.mts';

/** What became of the executions of two workers, one of which was killed. */
export interface AfterKill {
	/** All that were started. */
	executions: Execution[];
	/** Ids of those that the killed worker had not finished. */
	lost: string[];
	/** Executions of the workflow that is called on errors. */
	heard: Execution[];
	/** What the clients got, whose answers were being written when the worker was killed. */
	streams: ArrivedChunk[][];
	/** From the kill until all had ended, in ms. */
	milliseconds: number;
}

/**
 * Kills the second of two workers, with SIGKILL, when their slots are taken by answers that are being
 * written, and further executions wait. Meanwhile a third worker starts.
 *
 * @param inFlight prompts of streaming executions, as many as both workers have slots
 * @param waiting prompts of those that wait in the queue
 */
export async function killOneOfTwo(
	queueLab: QueueLab,
	inFlight: string[],
	waiting: string[],
): Promise<AfterKill> {
	const { lab, workers } = queueLab;
	const { client } = lab;
	const onError = await publish(lab, errorWorkflow('on-error'));
	const settings = { executionOrder: 'v1', errorWorkflow: onError.id } as const;
	const streamed = await publish(lab, { ...streamedChat('killed-streamed'), settings });
	const queued = await publish(lab, { ...queuedChat('killed-queued'), settings });
	const held = holdAnswers(lab.service, inFlight.length);
	const clients = inFlight.map(async (prompt) => {
		const answer = await postForStream(webhookOf(lab, streamed), { prompt });
		await answer.ended;
		return answer.chunks;
	});
	await held.reached;
	await startAll(lab, queued, waiting);
	const victim = workers[1]!;
	victim.process.kill();
	const killedAt = Date.now();
	held.release();
	await queueLab.addWorkers(1);
	const executions = [
		...(await untilEnded(client, streamed.id, inFlight.length)),
		...(await untilEnded(client, queued.id, waiting.length)),
	];
	const milliseconds = Date.now() - killedAt;
	const finished = await victim.finished();
	const lost = (await victim.started()).filter((id) => !finished.includes(id));
	const heard = await untilEnded(client, onError.id, lost.length);
	return { executions, lost, heard, streams: await Promise.all(clients), milliseconds };
}
