import { describe, expect, it } from 'vitest';

import type { Execution } from '../../dev/n8n/N8nClient.mts';
import { drawn } from '../engine/drawnImage.mts';
import { chatNode, imageNode, PROVIDERS } from './aiWorkflows.mts';
import { itemsOf, save } from './runs.mts';
import { useLab } from './useLab.mts';
import { chain, scheduleTrigger, workflow } from './workflows.mts';

const RUNS = 3;
/** In ms; each run takes a fraction of the schedule's second. */
const MAX_LENGTH = 60_000;

const lab = useLab('schedule');

/** The first executions that a trigger started, oldest first, once they have ended. */
async function triggered(workflowId: string, count: number): Promise<Execution[]> {
	const { client } = lab();
	await expect
		.poll(async () => (await client.executions(workflowId)).length, {
			timeout: MAX_LENGTH,
			interval: 200,
		})
		.toBeGreaterThanOrEqual(count);
	const found = await client.executions(workflowId);
	const oldest = found.sort((a, b) => Number(a.id) - Number(b.id)).slice(0, count);
	return await Promise.all(oldest.map(async ({ id }) => await client.ended(id)));
}

describe.each(PROVIDERS)('A schedule with %s', (_, provider) => {
	it('writes and draws something new each time', async () => {
		const trigger = scheduleTrigger(1);
		const prompt = 'the clock at second {{ $json.Second }}';
		const chat = chatNode('Chat', `=${prompt}`, { provider });
		const draw = imageNode(
			'Draw',
			`=${prompt.replace('$json', "$('Schedule Trigger').item.json")} [[size width=48 height=32]]`,
			{ provider },
		);
		const { client } = lab();
		const saved = await save(
			lab(),
			workflow(`schedule with ${provider}`, ...chain(trigger, chat, draw)),
		);
		await client.activate(saved);
		const executions = await triggered(saved.id, RUNS);
		await client.deactivate(saved);

		expect(executions.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
		expect(executions.map(({ mode }) => mode)).toEqual(['trigger', 'trigger', 'trigger']);
		const times = executions.map(({ startedAt }) => Date.parse(startedAt));
		expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));

		for (const execution of executions) {
			const second = String(itemsOf(execution, 'Schedule Trigger')[0]?.json['Second']);
			const subject = `the clock at second ${second}`;
			const [text] = itemsOf(execution, 'Chat');
			expect(text?.json['text']).toContain(subject);
			const [image] = itemsOf(execution, 'Draw');
			const id = image?.binary?.['data']?.id as string;
			expect(id).toContain(`/executions/${execution.id}/`);
			const file = await client.binary(id);
			expect(file.equals(await drawn(subject))).toBe(true);
		}
	});
});
