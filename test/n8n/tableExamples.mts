import type { IDataObject } from 'n8n-workflow';
import { expect } from 'vitest';

import type { Example } from '../../dev/examples.mts';
import type { Lab } from '../../dev/n8n/Lab.mts';
import type { Execution } from '../../dev/n8n/N8nClient.mts';
import { nodeOf, withNode } from './publishedExamples.mts';
import { itemsOf } from './runs.mts';

interface Row {
	id: number;
	question: string;
}

type Run = (workflow: Example) => Promise<Execution>;

const ROWS = 30;
/** What the service does with some of the rows. */
const FAULTS: Record<number, string> = {
	5: '[[status code=400]]',
	9: '[[status code=503 times=1 retry-after=0]]',
	17: '[[reset-after fragments=2]]',
};

/** Runs the example as it is, then with a longer table of which some rows fail. */
export async function expectBulk({ service }: Lab, example: Example, run: Run): Promise<void> {
	const table = JSON.parse(String(nodeOf(example, 'Table').parameters['jsonOutput'])) as {
		rows: Row[];
	};
	expectRows(await run(example), table.rows, [7]);

	service.reset();
	const rows = Array.from({ length: ROWS }, (_, index) => question(index + 1));
	const jsonOutput = JSON.stringify({ rows });
	const execution = await run(withNode(example, 'Table', { parameters: { jsonOutput } }));
	const failures = expectRows(execution, rows, [5, 17]);
	expect(failures.map(({ reason }) => reason)).toEqual([
		'The service answered with status 400',
		expect.stringMatching(/closed too early|broke off/),
	]);
	expect(service.statistics()).toMatchObject({ requests: ROWS + 1, mostInFlight: 4 });
}

/** As it is, with a repeated row; then one row after the other, of which one fails the first time. */
export async function expectResumed({ service }: Lab, example: Example, run: Run): Promise<void> {
	const { rows } = JSON.parse(String(nodeOf(example, 'Table').parameters['jsonOutput'])) as {
		rows: IDataObject[];
	};
	const answered = itemsOf(await run(example), 'Ask the model').map(({ json }) => json);
	expect(answered).toMatchObject(
		rows.map((row) => ({ ...row, answer: { text: expect.stringMatching(/\w/) } })),
	);
	expect(service.requests).toHaveLength(rows.length - 1);

	service.reset();
	const reviews = Array.from({ length: 6 }, (_, index) => ({
		id: index,
		review: `Review ${index}${index === 4 ? ' [[status code=400 times=1]]' : ''}`,
	}));
	const jsonOutput = JSON.stringify({ rows: reviews });
	const slow = withNode(example, 'Ask the model', {
		waitBetweenTries: 100,
		parameters: { options: { answerField: 'answer', parallelRequests: 1 } },
	});
	const execution = await run(withNode(slow, 'Table', { parameters: { jsonOutput } }));
	expect(itemsOf(execution, 'Ask the model').map(({ json }) => json)).toMatchObject(reviews);
	const asked = service.requests.map(({ body }) => /Review (\d)/.exec(JSON.stringify(body))?.[1]);
	expect(asked).toEqual(['0', '1', '2', '3', '4', '4', '5']);
}

/** Every row as it was, with a class of the list and the columns, which the stand-in makes up. */
export async function expectClassified(example: Example, run: Run): Promise<void> {
	const { rows } = JSON.parse(String(nodeOf(example, 'Table').parameters['jsonOutput'])) as {
		rows: IDataObject[];
	};
	const execution = await run(example);
	const classes = ['complaint', 'question', 'praise', 'other'];
	expect(itemsOf(execution, 'Fill in the columns').map(({ json }) => json)).toEqual(
		rows.map((row, index) => ({
			...row,
			class: expect.objectContaining({ output: classes[index] }) as object,
			urgent: true,
			orderNumber: 7,
			summary: row['message'],
			text: expect.stringContaining('orderNumber') as string,
			model: 'gpt-6-luna',
			finishReason: 'stop',
			usage: expect.any(Object) as object,
		})),
	);
	expect(itemsOf(execution, 'Find the class', 1)).toEqual([]);
	expect(itemsOf(execution, 'Fill in the columns', 1)).toEqual([]);
}

function question(id: number): Row {
	return { id, question: `Question ${id}? [[latency ms=200]] ${FAULTS[id] ?? ''}` };
}

/** Every row is in its place, or in the report. @returns the report's entries */
function expectRows(execution: Execution, rows: Row[], failed: number[]) {
	const answers = itemsOf(execution, 'Ask the model').map(({ json }) => json);
	expect(answers).toEqual(
		rows
			.filter(({ id }) => !failed.includes(id))
			.map(({ id, question: asked }) => ({
				id,
				question: asked,
				text: expect.stringContaining(asked.replace(/ \[\[.*/, '')) as string,
				model: 'gpt-4',
				finishReason: 'stop',
			})),
	);
	const reports = itemsOf(execution, 'Report of failures');
	expect(reports).toHaveLength(1);
	const failures = reports[0]?.json['failures'] as Array<Row & { reason: string }>;
	expect(failures).toEqual(
		rows
			.filter(({ id }) => failed.includes(id))
			.map((row) => ({ ...row, reason: expect.stringMatching(/\w/) as string })),
	);
	return failures;
}
