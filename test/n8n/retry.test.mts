import { beforeEach, expect, it } from 'vitest';

import type { Lab } from '../../dev/n8n/Lab.mts';
import type { Execution } from '../../dev/n8n/N8nClient.mts';
import { CHAT, ROWS, table } from './aiWorkflows.mts';
import { itemsOf, run, runsOf } from './runs.mts';
import { useLab } from './useLab.mts';

const lab = useLab('retry');
beforeEach(() => lab().service.reset());

/** Which rows the service was asked, in order. */
function asked({ service }: Lab): number[] {
	const bodies = service.requests.map(({ body }) => JSON.stringify(body));
	return bodies.map((body) => Number(/kite (\d+)/.exec(body)?.[1]));
}

function expectAllRows(execution: Execution) {
	expect(execution.status).toBe('success');
	const items = itemsOf(execution, CHAT);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ROWS.map((_, item) => ({ item })));
	items.forEach(({ json }, row) => expect(json['text']).toContain(`kite ${row}`));
	expect(runsOf(execution, CHAT)[0]?.hints).toMatchObject([
		{ message: '6 of 10 answers were kept from the failed run' },
	]);
}

it('Retry On Fail asks only for the rows that are missing', async () => {
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
	expectAllRows(await run(lab(), table('retry on fail', false, node)));
	expect(asked(lab())).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9]);
});

it('Retry of a failed execution asks only for the rows that are missing', async () => {
	const failed = await run(lab(), table('retry', false));
	expect(failed.status).toBe('error');
	expect(asked(lab())).toEqual([0, 1, 2, 3, 4, 5, 6]);
	const execution = await lab().client.retry(failed.id);
	expect(execution.mode).toBe('retry');
	expectAllRows(execution);
	expect(asked(lab()).slice(7)).toEqual([6, 7, 8, 9]);
});

it('a failed execution holds the answers, and its retry none', async () => {
	const contextOf = ({ data }: Execution) => data.executionData?.contextData[`node:${CHAT}`] ?? {};
	const failed = await run(lab(), table('kept', false));
	expect(contextOf(failed)['keptAnswers']).toHaveLength(6);
	expect(contextOf(await lab().client.retry(failed.id))).toEqual({});
});
