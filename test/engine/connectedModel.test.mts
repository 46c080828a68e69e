import type { ISupplyDataFunctions } from 'n8n-workflow';
import { beforeEach, describe, expect, it } from 'vitest';

import { conversations } from './sent.mts';
import { NODE } from './support.mts';
import { openAiModel, useConnectedModel } from './useConnectedModel.mts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `kite ${index}`);
const itemsOf = (count: number) => names(count).map((name) => ({ json: { name } }));
const CONTINUE = { onError: 'continueRegularOutput' } as const;

/** Lets nobody go on before so many are there; the last who came goes first. */
class Meeting {
	held = 0;
	private waiting: Array<() => void> = [];

	constructor(private readonly size: number) {}

	async join(): Promise<void> {
		const met = new Promise<void>((resolve) => this.waiting.unshift(resolve));
		if (this.waiting.length === this.size) {
			this.held++;
			for (const goOn of this.waiting.splice(0)) goOn();
		}
		await met;
	}
}

describe('Chat with a connected chat model', () => {
	const { bench, modelNode, run, start } = useConnectedModel();
	beforeEach(() => {
		modelNode.asked.splice(0);
		modelNode.supply = () => openAiModel(`${bench().service.url}/v1`);
	});

	it('sends the conversation, and returns the answer as it does of any provider', async () => {
		const finished = await run({
			prompt: 'a kite',
			systemMessage: 'Be brief',
			historyInput: 'json',
			historyJson: '[{ "role": "user", "content": "Hi" }, { "role": "ai", "content": "Hello" }]',
		});
		expect(finished.items(NODE)).toEqual([
			{
				json: {
					text: expect.stringContaining('A picture of a kite'),
					model: 'gpt-4o-mini',
					finishReason: 'stop',
					usage: expect.objectContaining({
						promptTokens: 6,
						completionTokens: 57,
						totalTokens: 63,
					}),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(conversations(bench())).toEqual([
			[
				{ role: 'system', content: 'Be brief' },
				{ role: 'user', content: 'Hi' },
				{ role: 'assistant', content: 'Hello' },
				{ role: 'user', content: 'a kite' },
			],
		]);
	});

	it('answers 20 items, five at once, in order', async () => {
		const real = openAiModel(`${bench().service.url}/v1`);
		const meeting = new Meeting(5);
		const invoke: typeof real.invoke = async (...parameters) => {
			await meeting.join();
			return await real.invoke(...parameters);
		};
		modelNode.supply = () => ({ invoke });
		const finished = await run({ prompt: '={{ $json.name }}' }, itemsOf(20));
		expect(finished.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			names(20).map((_, item) => ({ item })),
		);
		finished.items(NODE).forEach(({ json }, index) => {
			expect(json['text']).toContain(`A picture of kite ${index}:`);
		});
		expect(meeting.held).toBe(4);
		expect(bench().service.statistics().requests).toBe(20);
		expect(bench().service.statistics().mostInFlight).toBeLessThanOrEqual(5);
	});

	it('asks its node once for all items', async () => {
		await run({ prompt: '={{ $json.name }}' }, itemsOf(9));
		// The other one is a probe that tells whether the node looks at the item.
		expect(modelNode.asked.filter((index) => typeof index === 'number')).toEqual([0]);
		expect(modelNode.asked).toHaveLength(2);
	});

	it('asks its node for each item where that has expressions', async () => {
		modelNode.supply = (context: ISupplyDataFunctions, index) =>
			openAiModel(`${bench().service.url}/v1`, { model: context.getNodeParameter('model', index) });
		const model = { model: '=model of {{ $json.name }}' };
		await run({ prompt: '={{ $json.name }}' }, itemsOf(3), { model });
		expect([...modelNode.asked].sort()).toEqual([0, 1, 2]);
		const sent = bench().service.requests.map(({ body }) => body as Record<string, unknown>);
		expect(sent.map((body) => body['model']).sort()).toEqual(
			names(3).map((name) => `model of ${name}`),
		);
		for (const body of sent)
			expect(JSON.stringify(body['messages'])).toContain(String(body['model']).slice(9));
	});

	it('fails every item where the node cannot supply a model, and asks it once', async () => {
		modelNode.supply = () => {
			throw new Error('The credential is missing');
		};
		const finished = await run({ prompt: 'x' }, itemsOf(3), CONTINUE);
		expect(finished.items(NODE).map(({ json }) => json)).toEqual(
			names(3).map((name) => ({
				name,
				error: 'Error in sub-node Model',
				errorDetails: expect.objectContaining({ description: 'The credential is missing' }),
			})),
		);
		expect(modelNode.asked).toHaveLength(2);
	});

	it.each([['text'], [{}], [{ invoke: 1 }], [null]])(
		'refuses what is no model: %j',
		async (model) => {
			modelNode.supply = () => model;
			const finished = await run({ prompt: 'x' });
			expect(finished.error).toMatchObject({
				message: 'The connected chat model cannot be used',
				description: expect.stringContaining('Connect a chat model node'),
			});
		},
	);

	it('cannot draw, and says so', async () => {
		const finished = await run({ operation: 'image', prompt: 'x' });
		expect(finished.error).toMatchObject({
			message: 'A connected chat model cannot be used here',
			description: expect.stringContaining("another 'Provider'"),
		});
	});

	it('is required', async () => {
		const finished = await run({ prompt: 'x' }, undefined, { connected: false });
		expect(finished.error?.message).toBe('A Chat Model sub-node must be connected and enabled');
	});

	it.each([['a model that heeds the signal'], ['one that does not']])(
		'Stop ends the run with %s',
		async (kind) => {
			const heeds = kind !== 'one that does not';
			const asked = Promise.withResolvers<void>();
			const hanging = { invoke: async () => await new Promise(() => asked.resolve()) };
			if (!heeds) modelNode.supply = () => hanging;
			const running = start({ prompt: 'x [[stall]]' });
			if (heeds) await expect.poll(() => bench().service.requests.length).toBe(1);
			else await asked.promise;
			running.cancel();
			expect((await running.finished).status).toBe('canceled');
			await expect
				.poll(() => bench().service.requests.map(({ finished }) => finished))
				.toEqual(heeds ? ['closed-by-client'] : []);
		},
	);

	it('Stop ends the run while the connected node is still getting ready', async () => {
		const asked = Promise.withResolvers<void>();
		modelNode.supply = async () => await new Promise(() => asked.resolve());
		const running = start({ prompt: 'x' }, itemsOf(2));
		await asked.promise;
		running.cancel();
		expect((await running.finished).status).toBe('canceled');
	});

	it('ends a request that takes too long', async () => {
		const finished = await run({ prompt: 'x [[stall]]', options: { timeout: 0.1 } });
		expect(finished.error?.message).toBe('The request took longer than 0.1 seconds');
		await expect
			.poll(() => bench().service.requests.map(({ finished: how }) => how))
			.toEqual(['closed-by-client']);
	});

	it('leaves retries to the connected node', async () => {
		const options = { maxRetries: 5, maxRetryDelay: 0.01 };
		const prompt = 'x [[status code=503 retry-after-ms=1]]';
		const [item] = (await run({ prompt, options }, undefined, CONTINUE)).items(NODE);
		expect(item?.json).toMatchObject({
			error: 'The service answered with status 503',
			errorDetails: { kind: 'http', status: 503, attempts: 1 },
		});
		expect(bench().service.requests).toHaveLength(1);
	});

	it('does not ask in vain for every item when the key is wrong', async () => {
		const prompt = 'x [[status code=401]]';
		const finished = await run({ prompt }, itemsOf(50), CONTINUE);
		const errors = finished.items(NODE).map(({ json }) => json['error']);
		expect(errors).toHaveLength(50);
		for (const error of errors) expect(error).toContain('The service answered with status 401');
		expect(bench().service.requests.length).toBeLessThanOrEqual(5);
	});

	it('keeps its key out of errors, also where the service quotes it', async () => {
		modelNode.supply = () => ({
			apiKey: 'a key of 24 characters!!',
			lc_secrets: { apiKey: 'KEY' },
			invoke: async () => {
				const message = 'Wrong key: a key of 24 characters!!, or sk-another-key-0123456789?';
				throw Object.assign(new Error(message), { status: 400 });
			},
		});
		const finished = await run({ prompt: 'x' }, undefined, CONTINUE);
		const written = JSON.stringify(finished.run.data);
		expect(written).toContain('Wrong key: *****, or *****?');
		expect(written).not.toMatch(/24 characters|0123456789/);
	});
});
