import { streamedChat } from '../../test/n8n/aiWorkflows.mts';
import { webhookOf } from '../../test/n8n/queue.mts';
import { fragmentsOf, postForStream } from '../../test/n8n/streamClient.mts';
import type { Cpu } from './figures.mts';
import { eachOf, minus, type QueueBench } from './QueueBench.mts';

const STREAMS = 5;
const WORDS = 2_000;

interface Streams {
	used: Cpu;
	fragments: number;
}

/** What a fragment costs that a worker streams to the client of a webhook. */
export async function measureFragment(bench: QueueBench): Promise<Cpu> {
	const few = await streams(bench, 10);
	const many = await streams(bench, WORDS);
	return eachOf(minus(many.used, few.used), many.fragments - few.fragments);
}

/** Several streams at once, of the same text in so many fragments. */
async function streams(bench: QueueBench, fragments: number): Promise<Streams> {
	const url = webhookOf(bench.queueLab.lab, await bench.workflow(streamedChat));
	const prompt = `[[words count=${WORDS}]][[fragments count=${fragments}]][[pace ms=1]] kite`;
	const { used, result } = await bench.cpuOf(async () => {
		const answers = Array.from({ length: STREAMS }, async () => {
			const { ended, chunks } = await postForStream(url, { prompt });
			await ended;
			return fragmentsOf(chunks).length;
		});
		return await Promise.all(answers);
	});
	return { used, fragments: result.reduce((sum, count) => sum + count, 0) };
}
