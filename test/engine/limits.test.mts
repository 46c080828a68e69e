import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { EngineRun } from '../../dev/engine/index.mts';
import { detailsOf } from '../chaos/accounts.mts';
import { once, openAiChat, openAiImage } from './parameters.mts';
import { bodies } from './sent.mts';
import { type Bench, NODE } from './support.mts';
import { useBench } from './useBench.mts';

const COUNT = 40;
const PARALLEL = 5;
const PHOTO = { data: Buffer.from('photo').toString('base64'), mimeType: 'image/png' };
const ITEMS: INodeExecutionData[] = Array.from({ length: COUNT }, (_, row) => ({
	json: { row, tag: `row ${row}` },
	binary: { photo: PHOTO },
}));

/** 50 tokens, and with these prices a cent, for each item. */
const USAGE = '[[usage input=30 output=20]]';
const PRICES = { inputPrice: 100, outputPrice: 350 };

interface Case {
	name: string;
	limits: INodeParameters;
	prompt: string;
	/** After so many answers, or failures, nothing starts. */
	reachedAt: number;
	message: RegExp;
}

const BY_ANSWERS: Case[] = [
	{
		name: 'tokens',
		limits: { tokens: 250 },
		prompt: USAGE,
		reachedAt: 5,
		message: /the limit of 250 tokens is reached$/,
	},
	{
		name: 'cost, as the service tells it',
		limits: { cost: 0.05 },
		prompt: '[[usage input=1 output=1 cost=0.01]]',
		reachedAt: 5,
		message: /the limit of \$0\.05 is reached$/,
	},
	{
		name: 'cost by a header',
		limits: { cost: 0.05 },
		prompt: '[[cost-header value=0.01]]',
		reachedAt: 5,
		message: /the limit of \$0\.05 is reached$/,
	},
	{
		name: 'cost by prices',
		limits: { cost: 0.05, ...PRICES },
		prompt: USAGE,
		reachedAt: 5,
		message: /the limit of \$0\.05 is reached$/,
	},
	{
		name: 'tokens that nobody tells',
		limits: { tokens: 1000 },
		prompt: '[[no-usage]]',
		reachedAt: 3,
		message: /the service does not report 'Tokens'$/,
	},
	{
		name: 'cost without a price',
		limits: { cost: 1 },
		prompt: USAGE,
		reachedAt: 3,
		message: /the service does not report 'Cost \(USD\)'$/,
	},
];

const BY_FAILURES: Case[] = [
	{
		name: 'failures in a row, by default',
		limits: {},
		prompt: '[[status code=403]]',
		reachedAt: 10,
		message: /^Not sent: The service answered with status 403$/,
	},
	{
		name: 'failures in a row',
		limits: { failuresInRow: 3 },
		prompt: '[[status code=403]]',
		reachedAt: 3,
		message: /^Not sent: The service answered with status 403$/,
	},
	{
		name: 'share of failed items',
		limits: { failedPercent: 12.5 },
		prompt: '[[status code=500]]',
		reachedAt: 6,
		message: /^Not sent: 6 of 40 items failed$/,
	},
];

const OPERATIONS = { Chat: openAiChat, Image: openAiImage };
type OperationLabel = keyof typeof OPERATIONS;
const eachCase = (cases: Case[]) =>
	(Object.keys(OPERATIONS) as OperationLabel[]).flatMap((operation) =>
		cases.map((limit) => ({ ...limit, operation })),
	);

function parametersOf({ limits, prompt, operation }: Case & { operation: OperationLabel }) {
	const options = { ...once, parallelRequests: PARALLEL };
	return OPERATIONS[operation](`kite ${prompt}`, { options, limits });
}

/** What every run with error items has to keep to. @returns the items that were not sent */
function expectAllAccounted(bench: Bench, items: INodeExecutionData[]): INodeExecutionData[] {
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ITEMS.map((_, item) => ({ item })));
	const notSent = items.filter(
		({ json }) => 'error' in json && detailsOf({ json }).kind === 'limit',
	);
	expect(bodies(bench)).toHaveLength(COUNT - notSent.length);
	for (const { json, binary, pairedItem } of notSent) {
		const { item } = pairedItem as { item: number };
		expect(json).toMatchObject({ ...ITEMS[item]?.json, errorDetails: { attempts: 0 } });
		expect(binary).toEqual({ photo: PHOTO });
	}
	return notSent;
}

function itemsOf(run: EngineRun): INodeExecutionData[] {
	expect(run.status).toBe('success');
	const rowOf = ({ pairedItem }: INodeExecutionData) => (pairedItem as { item: number }).item;
	return [...run.items(NODE, 0), ...run.items(NODE, 1)].sort((a, b) => rowOf(a) - rowOf(b));
}

describe('A limit for the run', () => {
	const bench = useBench();

	describe.each(['continueRegularOutput', 'continueErrorOutput'] as const)('with %s', (onError) => {
		it.each([...eachCase(BY_ANSWERS), ...eachCase(BY_FAILURES)])(
			'keeps back what has not begun, and no more: $operation, $name',
			async (limit) => {
				const run = await bench().run(parametersOf(limit), ITEMS, { onError });
				const notSent = expectAllAccounted(bench(), itemsOf(run));
				const sent = COUNT - notSent.length;
				expect(sent).toBeGreaterThanOrEqual(limit.reachedAt);
				expect(sent).toBeLessThanOrEqual(limit.reachedAt + PARALLEL - 1);
				for (const { json } of notSent) expect(json['error']).toMatch(limit.message);
				expect(run.hints(NODE)).toContainEqual(
					expect.objectContaining({
						type: 'warning',
						message: expect.stringMatching(
							new RegExp(`^Not sent: .* \\(${notSent.length} of 40 items\\)$`),
						),
					}),
				);
			},
		);
	});

	it.each(eachCase(BY_ANSWERS))(
		'ends the workflow with one error that tells what was done: $operation, $name',
		async (limit) => {
			const run = await bench().run(parametersOf(limit), ITEMS);
			const sent = bodies(bench()).length;
			expect(sent).toBeLessThanOrEqual(limit.reachedAt + PARALLEL - 1);
			expect(run.status).toBe('error');
			expect(run.error?.message).toMatch(/^The run has ended early: /);
			expect(run.error?.message).toMatch(limit.message);
			expect(run.error?.description).toMatch(new RegExp(`^${sent} of 40 items were answered`));
		},
	);

	it('says in that error what the answers took and cost', async () => {
		const parameters = openAiChat(`kite ${USAGE}`, {
			options: { parallelRequests: 1 },
			limits: { tokens: 250, ...PRICES },
		});
		const run = await bench().run(parameters, ITEMS);
		expect(run.error?.description).toMatch(
			/^5 of 40 items were answered \(\$0\.05, 250 tokens\), as the limit of 250 tokens is reached\. Raise the limit in 'Limits and Cost'/,
		);
	});

	it.each([
		['is off', { failuresInRow: 0 }],
		['is not reached', { failuresInRow: 100, failedPercent: 100, minutes: 10 }],
	])('that %s keeps nothing back', async (_name, limits) => {
		const parameters = openAiChat('kite [[status code=401]]', { options: once, limits });
		const run = await bench().run(parameters, ITEMS.slice(0, limits.failuresInRow === 0 ? 40 : 1), {
			onError: 'continueRegularOutput',
		});
		expect(bodies(bench())).toHaveLength(run.items(NODE).length);
		expect(run.items(NODE).every(({ json }) => detailsOf({ json }).kind === 'http')).toBe(true);
	});

	it('that cannot count an answer says so, and lets a few of them pass', async () => {
		const parameters = openAiChat('kite [[no-usage]]', { limits: { tokens: 1000 } });
		const run = await bench().run(parameters, ITEMS.slice(0, 2));
		expect(run.items(NODE)).toHaveLength(2);
		expect(run.hints(NODE)).toMatchObject([
			{
				message: expect.stringMatching(
					/^The service did not report 'Tokens', so the average was counted/,
				),
			},
		]);
	});

	it('counts an answer that tells nothing as an average one', async () => {
		const prompt = `={{ $json.row % 2 ? '[[no-usage]]' : '${USAGE}' }}`;
		const options = { parallelRequests: 1 };
		const parameters = openAiChat(prompt, { options, limits: { tokens: 400 } });
		await bench().run(parameters, ITEMS);
		expect(bodies(bench())).toHaveLength(8);
	});

	it('that cannot be used fails every item before anything is sent', async () => {
		const parameters = openAiChat('kite', { limits: { tokens: '={{ "many" }}' } });
		const onError = 'continueRegularOutput';
		const run = await bench().run(parameters, ITEMS, { onError });
		expect(bodies(bench())).toEqual([]);
		expect(run.items(NODE)).toHaveLength(COUNT);
		for (const { json } of run.items(NODE)) {
			expect(json['error']).toBe(
				'\'Tokens\' must be a whole number from 0 to 1000000000000, but is "many"',
			);
		}
	});
});

describe('A limit of minutes', () => {
	const bench = useBench();
	const onError = 'continueRegularOutput';
	/** 0.12 s */
	const limits = { minutes: 0.002 };

	it('lets what is under way end as usual', async () => {
		const parameters = openAiChat('kite [[latency ms=100]]', {
			options: { parallelRequests: 2 },
			limits,
		});
		const run = await bench().run(parameters, ITEMS, { onError });
		const notSent = expectAllAccounted(bench(), itemsOf(run));
		expect(notSent.length).toBeGreaterThan(0);
		expect(notSent[0]?.json['error']).toBe('Not sent: the limit of 0.002 minutes is reached');
		const answered = run.items(NODE).filter(({ json }) => 'text' in json);
		expect(answered).toHaveLength(COUNT - notSent.length);
	});

	it('is not needed for items that would fail alike: they wait for no turn', async () => {
		const options = { ...once, requestsPerMinute: 1, parallelRequests: 1 };
		const parameters = openAiChat('kite [[status code=401]]', { options });
		const run = await bench().run(parameters, ITEMS, { onError });
		expect(expectAllAccounted(bench(), itemsOf(run))).toHaveLength(COUNT - 1);
	});

	it('also ends the wait for a turn', async () => {
		const options = { delayBetweenRequests: 3_600_000 };
		const run = await bench().run(openAiChat('kite', { options, limits }), ITEMS, { onError });
		expect(expectAllAccounted(bench(), itemsOf(run))).toHaveLength(COUNT - 1);
	});
});
