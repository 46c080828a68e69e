import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Usage } from '../../providers/types.ts';
import type { EngineRun } from '../../dev/engine/index.mts';
import { once, openAiChat, openAiImage } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

const PRICES = { inputPrice: 0.15, outputPrice: 0.6 };
/** 1,000 × 0.15 and 500 × 0.6, by the million: 0.00045 dollars */
const USAGE = '[[usage input=1000 output=500]]';
const ITEMS = [0, 1, 2].map((row) => ({ json: { row } }));

/** What n8n keeps with the execution. */
function kept(run: EngineRun): unknown {
	return run.run.data.resultData.metadata?.['aichats_cost'];
}

function traced(run: EngineRun): unknown {
	return run.run.data.resultData.runData[NODE]?.[0]?.metadata?.tracing;
}

function costs(run: EngineRun): unknown[] {
	return run.items(NODE).map(({ json }) => (json['usage'] as IDataObject | undefined)?.['cost']);
}

const hintOf = (run: EngineRun) => run.hints(NODE).find(({ message }) => /^Cost/.test(message));

describe('What answers cost', () => {
	const bench = useBench();

	it.each<[string, typeof openAiChat, string, INodeParameters, number]>([
		['as the service tells it', openAiChat, `[[usage input=1 output=1 cost=0.1]]`, PRICES, 0.1],
		["in LiteLLM's header", openAiChat, '[[cost-header value=0.1]]', PRICES, 0.1],
		['in its smallest spelling', openAiChat, '[[cost-header value=2.5e-7]]', {}, 2.5e-7],
		['by the prices', openAiChat, USAGE, PRICES, 0.00045],
		['by one price', openAiChat, USAGE, { outputPrice: 0.6 }, 0.0003],
		['nothing', openAiChat, USAGE, { inputPrice: 0 }, 0],
		['for images, by the prices', openAiImage, USAGE, PRICES, 0.00045],
		['for images, in a header', openAiImage, '[[cost-header value=0.1]]', {}, 0.1],
	])('stands in the items, in a hint and with the execution: %s', async (_name, of, ...rest) => {
		const [prompt, limits, cost] = rest;
		const run = await bench().run(of(`kite ${prompt}`, { limits }), ITEMS);
		expect(costs(run)).toEqual([cost, cost, cost]);
		const total = (cost * 3).toFixed(8).replace(/(\.\d\d+?)0+$/, '$1');
		expect(hintOf(run)).toMatchObject({ type: 'info', location: 'outputPane' });
		expect(hintOf(run)?.message).toMatch(
			new RegExp(`^Cost: \\$${total.replace('.', '\\.')} for 3 items, [\\d,]+ tokens$`),
		);
		expect(kept(run)).toBe(total);
		expect(traced(run)).toMatchObject({ 'llm.cost.total': Number(total) });
	});

	it('is not made up where nobody tells it, though tokens are traced', async () => {
		const run = await bench().run(openAiChat(`kite ${USAGE}`), ITEMS);
		expect(costs(run)).toEqual([undefined, undefined, undefined]);
		expect(run.hints(NODE)).toEqual([]);
		expect(kept(run)).toBeUndefined();
		expect(traced(run)).toEqual({
			'llm.tokens.in': 3000,
			'llm.tokens.out': 1500,
			'llm.tokens.total': 4500,
		});
	});

	it('tells of answers whose cost is not known', async () => {
		const prompt = `={{ $json.row ? '${USAGE}' : '[[no-usage]]' }}`;
		const run = await bench().run(openAiChat(prompt, { limits: PRICES }), ITEMS);
		expect(hintOf(run)?.message).toBe(
			'Cost: $0.0009 for 3 items, 3,000 tokens (the cost of 1 answer is not known)',
		);
	});

	it('of an item is that of its answer and of the repair', async () => {
		const prompt = 'kite [[ignore-response-format style=broken]]';
		const parameters = openAiChat(prompt, { limits: PRICES, responseFormat: 'object' });
		const run = await bench().run(parameters);
		expect(bodies(bench())).toHaveLength(2);
		const { promptTokens, completionTokens } = run.items(NODE)[0]!.json['usage'] as Usage;
		const hundredths = promptTokens! * 15 + completionTokens! * 60;
		expect(costs(run)).toEqual([hundredths / 1e8]);
		expect(Number(kept(run))).toBe(hundredths / 1e8);
	});

	it('counts an answer that the model declined', async () => {
		const parameters = openAiChat(`kite [[refusal]] ${USAGE}`, { limits: PRICES });
		const run = await bench().run(parameters, ITEMS, { onError: 'continueRegularOutput' });
		expect(run.items(NODE).every(({ json }) => 'error' in json)).toBe(true);
		expect(kept(run)).toBe('0.00135');
	});

	it('counts a retried request once', async () => {
		const prompt = `={{ 'row ' + $json.row }} [[status code=503 times=1]] ${USAGE}`;
		const options = { maxRetries: 1, maxRetryDelay: 0 };
		const run = await bench().run(openAiChat(prompt, { options, limits: PRICES }), ITEMS);
		expect(bodies(bench())).toHaveLength(6);
		expect(kept(run)).toBe('0.00135');
	});

	it('is kept with a run that fails', async () => {
		const prompt = `={{ $json.row === 2 ? '[[status code=400]]' : '${USAGE}' }}`;
		const options = { ...once, parallelRequests: 1 };
		const run = await bench().run(openAiChat(prompt, { options, limits: PRICES }), ITEMS);
		expect(run.status).toBe('error');
		expect(kept(run)).toBe('0.0009');
	});

	it('adds up over the nodes of an execution', async () => {
		const workflow = oneNode(openAiChat(`kite ${USAGE}`, { limits: PRICES }));
		const [, first] = workflow.nodes;
		workflow.nodes.push({ ...first!, id: 'second', name: 'Second' });
		workflow.connections[NODE] = { main: [[{ node: 'Second', type: 'main', index: 0 }]] };
		const run = await bench().engine.run(workflow, { input: ITEMS });
		expect(run.items('Second')).toHaveLength(3);
		expect(kept(run)).toBe('0.0027');
	});

	it('is right to the token and the millionth of a cent for many items', async () => {
		const many = Array.from({ length: 200 }, (_, row) => ({ json: { row } }));
		const prompt = '=[[usage input={{ 100 + $json.row * 7 }} output={{ 3 + $json.row * 11 }}]]';
		const options = { parallelRequests: 20 };
		const run = await bench().run(openAiChat(prompt, { options, limits: PRICES }), many);
		// In whole numbers: a hundredth of a dollar per million tokens is 10^-8 dollars per token.
		const input = many.reduce((sum, { json: { row } }) => sum + 100 + row * 7, 0);
		const output = many.reduce((sum, { json: { row } }) => sum + 3 + row * 11, 0);
		const units = String(input * 15 + output * 60).padStart(9, '0');
		const total = `${units.slice(0, -8)}.${units.slice(-8)}`.replace(/0+$/, '');
		const tokens = String(input + output).replace(/\B(?=(\d{3})+$)/g, ',');
		expect(hintOf(run)?.message).toBe(`Cost: $${total} for 200 items, ${tokens} tokens`);
		expect(kept(run)).toBe(total);
		expect(costs(run).every((cost) => String(cost).length < 12)).toBe(true);
	});
});

describe('Answers that cannot be used', () => {
	const bench = useBench({
		service: { directives: `[[ignore-response-format style=broken]] ${USAGE}` },
	});

	it('are paid for, the repair in vain, too', async () => {
		const parameters = openAiChat('kite', { limits: PRICES, responseFormat: 'object' });
		const run = await bench().run(parameters, ITEMS, { onError: 'continueRegularOutput' });
		expect(run.items(NODE).every(({ json }) => 'error' in json)).toBe(true);
		expect(bodies(bench())).toHaveLength(6);
		expect(kept(run)).toBe('0.0027');
	});
});
