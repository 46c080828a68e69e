import type { INodeExecutionData } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { detailsOf, sourceOf } from './accounts.mts';
import { type ChaosRun, retriesIn, runChaos } from './chaosRun.mts';
import { expectedImages, expectedText } from './expected.mts';
import { type Plan, PLANS } from './plans.mts';

const COUNT = 1000;
const PROMPTS = Array.from({ length: COUNT }, (_, index) => `a kite number ${index}`);

/** What the successes hold when the same is asked without faults. */
async function expectedContents({ operation }: Plan, { successes }: ChaosRun): Promise<string[]> {
	const promptOf = (item: INodeExecutionData) => PROMPTS[sourceOf(item)] ?? '';
	if (operation === 'chat') return successes.map((item) => expectedText(promptOf(item)));
	return await expectedImages(
		successes.map((item) => ({
			prompt: promptOf(item),
			mimeType: item.binary?.['data']?.mimeType ?? '',
		})),
	);
}

const title = '1,000 items with 30 % faults: $operation, $provider, $onError';
describe.each(PLANS)(title, (plan) => {
	let run: ChaosRun;
	beforeAll(async () => {
		run = await runChaos(plan, PROMPTS);
		const { operation, provider, onError } = plan;
		console.log(`${operation} ${provider} ${onError}: ${JSON.stringify(run.figures)}`);
	});

	it('accounts for every item exactly once, in order', () => {
		const succeeded = run.successes.map(sourceOf);
		const failed = run.errors.map(sourceOf);
		expect(succeeded).toEqual([...succeeded].sort((a, b) => a - b));
		expect(failed).toEqual([...failed].sort((a, b) => a - b));
		const all = [...succeeded, ...failed].sort((a, b) => a - b);
		expect(all).toEqual(PROMPTS.map((_, index) => index));
		expect(Math.min(succeeded.length, failed.length)).toBeGreaterThan(0);
	});

	it('lets no short text and no broken image pass for a success', async () => {
		expect(run.contents).toEqual(await expectedContents(plan, run));
	});

	it('keeps the input in every failed item, and says what failed', () => {
		for (const item of run.errors) {
			expect(item.json['prompt']).toBe(PROMPTS[sourceOf(item)]);
			expect(item.json['error']).toEqual(expect.stringMatching(/\w/));
			expect(detailsOf(item)).toMatchObject({
				kind: expect.stringMatching(/^(network|timeout|http|quota|blocked|protocol|truncated)$/),
				attempts: expect.any(Number),
			});
		}
	});

	it('counts the requests that it sent', () => {
		const posts = run.requests.filter(({ method }) => method === 'POST').length;
		const retries = retriesIn(run.hints);
		expect(retries).toBeGreaterThan(0);
		// Beyond the retries: one POST for each item, one GET for each image that was linked to.
		const asked = run.requests.length - retries;
		const gets = asked - COUNT;
		expect(posts).toBeLessThanOrEqual(COUNT + retries);
		expect(gets === 0 ? 'chat' : 'image').toBe(plan.operation);
		expect(run.hints).toContain(`${run.errors.length} of 1,000 items failed`);
	});
});
