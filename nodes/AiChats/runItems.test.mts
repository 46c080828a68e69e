import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../test/support/failure.mts';
import { bytesOf } from '../../test/support/splits.mts';
import { streamOf } from '../../test/support/streams.mts';
import { NODE, strict } from '../../test/support/strictContext.mts';
import { AiChats } from './AiChats.node.ts';
import { assertComplete } from './runItems.ts';

interface Sent {
	prompt: string;
	aborted: () => boolean;
}

/** Runs the node over these prompts; `answer` is the event stream for one of them. */
async function execute(
	prompts: unknown[],
	answer: (prompt: string) => string | Promise<string>,
	continueOnFail = false,
	options: object = {},
) {
	const sent: Sent[] = [];
	const helpers = strict('helpers', {
		httpRequestWithAuthentication: async (
			_type: string,
			{ body, abortSignal }: { body: string; abortSignal: AbortSignal },
		) => {
			const { messagesHistory } = JSON.parse(body) as { messagesHistory: [{ content: string }] };
			const [{ content: prompt }] = messagesHistory;
			sent.push({ prompt, aborted: () => abortSignal.aborted });
			const text = await answer(prompt);
			return {
				statusCode: text.startsWith('data:') ? 200 : 501,
				headers: {},
				body: Object.assign(streamOf(bytesOf(text)), { destroy: () => undefined }),
			};
		},
	});
	const single = Object.entries(options).map(([name, value]) => [`options.${name}`, value]);
	const parameters: Record<string, unknown> = {
		operation: 'chat',
		model: 'gpt-4',
		options,
		...Object.fromEntries(single),
	};
	const hints: unknown[] = [];
	const context = strict<IExecuteFunctions>('context', {
		helpers,
		getInputData: () => prompts.map((prompt) => ({ json: { prompt } })),
		getNode: () => ({ ...NODE, parameters: { prompt: '={{ $json.prompt }}' } }),
		getNodeParameter: (name: string, itemIndex: number, fallback?: unknown) =>
			name === 'prompt' ? prompts[itemIndex] : (parameters[name] ?? fallback),
		getCredentials: async () => ({ baseUrl: 'https://a', sessionCookieSecret: 'a=hunter22' }),
		getExecutionCancelSignal: () => undefined,
		continueOnFail: () => continueOnFail,
		addExecutionHints: (hint: unknown) => void hints.push(hint),
		getChildNodes: () => [],
		getContext: () => ({}),
		getParentNodes: () => [],
		isStreaming: () => false,
	});
	const outcome = new AiChats().execute.call(context);
	return { sent, outcome, hints };
}

test('each item comes out in its place, whichever ends first', async () => {
	const gate = Promise.withResolvers<void>();
	const { outcome } = await execute(['slow', 'fast'], async (prompt) => {
		if (prompt === 'slow') await gate.promise;
		else gate.resolve();
		return `data: ${prompt} answer\n\n`;
	});
	const [items] = await outcome;
	expect(items).toEqual([
		{
			json: { text: 'slow answer', model: 'gpt-4', finishReason: 'stop' },
			pairedItem: { item: 0 },
		},
		{
			json: { text: 'fast answer', model: 'gpt-4', finishReason: 'stop' },
			pairedItem: { item: 1 },
		},
	]);
});

test('no items are no items', async () => {
	const { outcome } = await execute([], () => 'data: a\n\n');
	expect(await outcome).toEqual([[]]);
});

test('where the workflow goes on, a failed item says so in its place', async () => {
	const answer = (prompt: string) => (prompt === 'b' ? 'hunter22 is wrong' : 'data: ok\n\n');
	const { outcome, hints } = await execute(['a', 'b', '', 'c'], answer, true);
	const [items = []] = await outcome;
	expect(items.map(({ json }: INodeExecutionData) => json['error'] ?? json['text'])).toEqual([
		'ok',
		'The service answered with status 501',
		"'Prompt' is empty",
		'ok',
	]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
	expect(items[1]?.json).toMatchObject({
		prompt: 'b',
		errorDetails: { kind: 'http', status: 501 },
	});
	expect(JSON.stringify(items)).not.toContain('hunter22');
	expect(hints).toEqual([
		{ message: '2 of 4 items failed', type: 'warning', location: 'outputPane' },
	]);
});

test('otherwise the first failure is thrown, and the rest is stopped', async () => {
	const gate = Promise.withResolvers<void>();
	const prompts = ['slow', 'bad', 'c', 'd', 'e', 'f', 'g'];
	const { sent, outcome } = await execute(prompts, async (prompt) => {
		if (prompt === 'bad') return 'broken';
		await gate.promise;
		return 'data: ok\n\n';
	});
	const failure = failureOf(() => outcome);
	// The failed item must be through before the others go on.
	while (!sent[0]?.aborted()) await new Promise<void>((resolve) => setImmediate(resolve));
	gate.resolve();
	expect(await failure).toMatchObject({
		message: 'The service answered with status 501',
		context: { itemIndex: 1 },
	});
	expect(sent.map(({ prompt }) => prompt)).toEqual(prompts.slice(0, 5));
});

test('a failure is told as such also while other items wait for their turn', async () => {
	const { sent, outcome } = await execute(['bad', 'b'], () => 'broken', false, {
		delayBetweenRequests: 3_600_000,
	});
	expect(await failureOf(() => outcome)).toMatchObject({
		message: 'The service answered with status 501',
	});
	expect(sent).toHaveLength(1);
});

test('an item without a result is an error: none is lost without a word', () => {
	const context = strict<IExecuteFunctions>('context', { getNode: () => NODE });
	const result = [{ json: {} }];
	expect(() => assertComplete(context, [result, result])).not.toThrow();
	expect(() => assertComplete(context, [result, [], result])).toThrow(
		expect.objectContaining({
			message: 'An item came out of the node without a result',
			context: expect.objectContaining({ itemIndex: 1 }),
		}),
	);
});
