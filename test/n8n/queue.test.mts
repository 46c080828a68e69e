import { beforeAll, describe, expect, it } from 'vitest';

import type { Execution } from '../../dev/n8n/N8nClient.mts';
import { drawn } from '../engine/drawnImage.mts';
import { CHAT, IMAGE, queuedChat, queuedChatAndImage, streamedChat } from './aiWorkflows.mts';
import {
	type AfterKill,
	holdAnswers,
	killOneOfTwo,
	publish,
	startAll,
	untilEnded,
	useQueueLab,
	webhookOf,
} from './queue.mts';
import { itemsOf } from './runs.mts';
import { fragmentsOf, postForStream } from './streamClient.mts';

const CONCURRENCY = 5;
const SIZE = { width: 256, height: 128 };

const queueLab = useQueueLab({
	workers: 2,
	concurrency: CONCURRENCY,
	service: { directives: `[[size width=${SIZE.width} height=${SIZE.height}]]` },
	// A worker that is gone is noticed after the first and at most twice the third; by default after 1 to 2 minutes.
	environment: {
		QUEUE_WORKER_LOCK_DURATION: '10000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
		QUEUE_WORKER_STALLED_INTERVAL: '3000',
		// On a busy machine 40 webhooks at once would make n8n give up its connections to the database.
		DB_PING_TIMEOUT_MS: '60000',
		DB_POSTGRESDB_CONNECTION_TIMEOUT: '60000',
	},
});

function prompts(subject: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${subject} ${index + 1}`);
}

async function startedByWorkers(): Promise<string[][]> {
	return await Promise.all(queueLab().workers.map(async (worker) => await worker.started()));
}

function idsOf(executions: Execution[]): string[] {
	return executions.map(({ id }) => id).sort();
}

describe('40 executions of Chat and Image, started at once', () => {
	const subjects = prompts('kite', 40);
	let ids: string[];
	let executions: Execution[];

	beforeAll(async () => {
		const { lab } = queueLab();
		const workflow = await publish(lab, queuedChatAndImage('forty'));
		const held = holdAnswers(lab.service, 2 * CONCURRENCY);
		ids = await startAll(lab, workflow, subjects);
		// Neither worker can hold so many alone.
		await held.reached;
		held.release();
		executions = await untilEnded(lab.client, workflow.id, subjects.length);
	});

	it('all succeed', () => {
		expect(idsOf(executions)).toEqual(ids.toSorted());
		expect(executions.map(({ status }) => status)).toEqual(ids.map(() => 'success'));
	});

	it('are spread over both workers, each run by one', async () => {
		const [first = [], second = []] = await startedByWorkers();
		expect([...first, ...second].sort()).toEqual(ids.toSorted());
		expect(first.length).toBeGreaterThanOrEqual(CONCURRENCY);
		expect(second.length).toBeGreaterThanOrEqual(CONCURRENCY);
		console.log(`Started: ${ids.length}. Per worker: ${first.length}, ${second.length}.`);
	});

	it('keep images that the main instance reads, byte for byte', async () => {
		const { client } = queueLab().lab;
		const files = await Promise.all(
			executions.map(async (execution) => {
				const text = itemsOf(execution, CHAT)[0]?.json['text'] as string;
				const id = itemsOf(execution, IMAGE)[0]?.binary?.['data']?.id as string;
				expect(id).toMatch(/^database:/);
				const bytes = await client.binary(id);
				expect(bytes.equals(await drawn(text, SIZE))).toBe(true);
				return bytes.toString('base64');
			}),
		);
		expect(new Set(files).size).toBe(subjects.length);
		console.log(`Images read back: ${files.length}.`);
	});
});

it('A worker streams to the client of the webhook while the answer is being written', async () => {
	const { lab } = queueLab();
	const workflow = await publish(lab, streamedChat('streamed'));
	const hold = lab.service.holdAfter(2);
	const answer = await postForStream(webhookOf(lab, workflow), { prompt: 'kite' });
	await answer.fragments(1);
	await hold.reached;
	expect(lab.service.requests.at(-1)?.fragmentsSent).toBe(2);
	hold.release();
	await answer.ended;
	expect([answer.chunks.at(0)?.type, answer.chunks.at(-1)?.type]).toEqual(['begin', 'end']);
	const fragments = fragmentsOf(answer.chunks);
	expect(fragments.length).toBeGreaterThan(2);
	const [execution] = await untilEnded(lab.client, workflow.id, 1);
	expect(fragments.join('')).toBe(itemsOf(execution!, CHAT)[0]?.json['text']);
	expect((await startedByWorkers()).flat()).toContain(execution?.id);
});

describe('A worker that is killed in the middle of its work', () => {
	const inFlight = prompts('boat', 2 * CONCURRENCY);
	const waiting = prompts('house', 6);
	const all = inFlight.length + waiting.length;
	let after: AfterKill;

	beforeAll(async () => {
		queueLab().lab.service.reset();
		after = await killOneOfTwo(queueLab(), inFlight, waiting);
	});

	function withStatus(status: string): Execution[] {
		return after.executions.filter((execution) => execution.status === status);
	}

	it('loses none: every started execution ends, and the service was asked once for each', () => {
		expect(after.executions).toHaveLength(all);
		const asked = queueLab().lab.service.requests.map(({ body }) => JSON.stringify(body));
		for (const prompt of [...inFlight, ...waiting]) {
			expect(asked.filter((body) => body.includes(`"${prompt}"`))).toHaveLength(1);
		}
	});

	it('leaves those of the other worker, and those that waited, to end well', () => {
		const whole = withStatus('success').length;
		expect(whole).toBe(all - CONCURRENCY);
		const { lost, milliseconds } = after;
		console.log(
			`One of two workers killed. Started: ${all}, succeeded: ${whole}, failed: ${lost.length}, ` +
				`all of them its own; told ${Math.round(milliseconds / 1000)} s after the kill.`,
		);
	});

	it('has its own reported as failed, in the list of executions and to the error workflow', () => {
		const failed = withStatus('error');
		const lost = after.lost.toSorted();
		expect(lost).toHaveLength(CONCURRENCY);
		expect(idsOf(failed)).toEqual(lost);
		for (const { data } of failed) {
			expect(data.resultData.error?.message).toMatch(/failed to be processed too many times/);
		}
		const told = after.heard.map((execution) => itemsOf(execution, 'Error Trigger')[0]?.json);
		expect(told.map((json) => (json?.['execution'] as { id: string }).id).sort()).toEqual(lost);
	});

	it('leaves streams that end without their `end`', () => {
		const whole = after.streams.filter((chunks) => chunks.at(-1)?.type === 'end');
		expect(whole).toHaveLength(inFlight.length - CONCURRENCY);
		expect(after.streams.flat().some(({ type }) => type === 'error')).toBe(false);
	});

	it('is replaced by another that is started meanwhile', async () => {
		const { lab, workers } = queueLab();
		const workflow = await publish(lab, queuedChat('trees'));
		const held = holdAnswers(lab.service, 2 * CONCURRENCY);
		const ids = await startAll(lab, workflow, prompts('tree', 2 * CONCURRENCY));
		await held.reached;
		held.release();
		const ended = await untilEnded(lab.client, workflow.id, ids.length);
		expect(ended.every(({ status }) => status === 'success')).toBe(true);
		const taken = await workers[2]!.started();
		expect(ids.filter((id) => taken.includes(id))).toHaveLength(CONCURRENCY);
	});
});
