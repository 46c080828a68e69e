import type { StructuredChunk } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { chat, openAiChat } from './parameters.mts';
import { type Bench, NODE, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

type Chunk = Pick<StructuredChunk, 'type' | 'content'>;

/** The node's chunks of an item, in order. */
function chunksOf(chunks: StructuredChunk[], itemIndex: number): Chunk[] {
	return chunks
		.filter(({ metadata }) => metadata.itemIndex === itemIndex && metadata.nodeName === NODE)
		.map(({ type, content }) => ({ type, ...(content === undefined ? {} : { content }) }));
}

async function streamed(bench: Bench, ...[parameters, items, options]: Parameters<Bench['run']>) {
	const chunks: StructuredChunk[] = [];
	const onChunk = (chunk: StructuredChunk) => void chunks.push(chunk);
	const run = await bench.run(parameters, items, { ...options, onChunk });
	return { run, chunks };
}

describe.each([
	['Ai-Chats', chat],
	['an OpenAI-compatible server', openAiChat],
])('Streaming from %s', (_, ask) => {
	const bench = useBench();

	it('passes the text on piece by piece, between begin and end', async () => {
		const { run, chunks } = await streamed(bench(), ask('a red kite'));
		const [first, ...rest] = chunksOf(chunks, 0);
		const pieces = rest.slice(0, -1);
		expect(first).toEqual({ type: 'begin' });
		expect(rest.at(-1)).toEqual({ type: 'end' });
		expect(pieces.length).toBeGreaterThan(5);
		expect(new Set(pieces.map(({ type }) => type))).toEqual(new Set(['item']));
		const text = pieces.map(({ content }) => content).join('');
		expect(text).toBe(run.items(NODE)[0]?.json['text']);
	});

	it('has passed on what has arrived while the answer is still on its way', async () => {
		const hold = bench().service.holdAfter(4);
		const seen: string[] = [];
		const arrived = new Promise<void>((resolve) => {
			const onChunk = ({ type, content }: StructuredChunk) => {
				if (type === 'item') seen.push(content ?? '');
				if (seen.length === 4) resolve();
			};
			const running = bench().start(ask('kite [[text value="a b c d e f"]]'), undefined, {
				onChunk,
			});
			void hold.reached.then(() => running);
		});
		await arrived;
		expect(seen.join('')).toBe('a b c d');
		hold.release();
	});

	it('tells interleaved items apart by their index', async () => {
		const items = [{ json: { name: 'kite' } }, { json: { name: 'boat' } }];
		const parameters = ask('={{ $json.name }} [[pace ms=3]]');
		const { run, chunks } = await streamed(bench(), parameters, items);
		const order = chunks.map(({ metadata }) => metadata.itemIndex);
		const firstOfSecond = order.indexOf(1);
		expect(order.slice(firstOfSecond)).toContain(0);
		run.items(NODE).forEach(({ json }, index) => {
			const pieces = chunksOf(chunks, index);
			expect(pieces.map(({ content = '' }) => content).join('')).toBe(json['text']);
			expect(pieces.filter(({ type }) => type === 'begin')).toHaveLength(1);
			expect(pieces.filter(({ type }) => type === 'end')).toHaveLength(1);
		});
	});

	it.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'ends in one error, without the text again, when the answer breaks off and On Error is %s',
		async (onError) => {
			const parameters = ask('kite [[text value="a b c d"]] [[reset-after fragments=3]]');
			const { chunks } = await streamed(bench(), parameters, undefined, { onError });
			const [last, ...rest] = chunksOf(chunks, 0).reverse();
			expect(rest.map(({ type }) => type)).toEqual(['item', 'item', 'item', 'begin']);
			expect(last?.type).toBe('error');
			expect(last?.content).toContain('closed too early');
			expect(last?.content).not.toContain('a b c');
		},
	);

	it('goes on with the other items when one breaks off', async () => {
		const items = [{ json: { fault: '[[reset-after fragments=3]]' } }, { json: { fault: '' } }];
		const parameters = ask('=kite {{ $json.fault }}');
		const onError = 'continueRegularOutput';
		const { run, chunks } = await streamed(bench(), parameters, items, { onError });
		expect(chunksOf(chunks, 0).at(-1)?.type).toBe('error');
		const whole = chunksOf(chunks, 1);
		expect(whole.at(-1)?.type).toBe('end');
		const text = whole.map(({ content = '' }) => content).join('');
		expect(text).toBe(run.items(NODE)[1]?.json['text']);
	});

	it('passes no text on before it is whole where n8n would run the node again', async () => {
		const prompt = 'kite [[text value="a b c d"]] [[reset-after fragments=3 times=1]]';
		const workflow = oneNode(ask(prompt));
		Object.assign(workflow.nodes[1]!, { retryOnFail: true, waitBetweenTries: 1 });
		const chunks: StructuredChunk[] = [];
		const onChunk = (chunk: StructuredChunk) => void chunks.push(chunk);
		const run = await bench().engine.run(workflow, { onChunk });
		expect(run.items(NODE)).toMatchObject([{ json: { text: 'a b c d' } }]);
		expect(bench().service.requests).toHaveLength(2);
		expect(chunksOf(chunks, 0)).toEqual([
			{ type: 'begin' },
			{ type: 'item', content: 'a b c d' },
			{ type: 'end' },
		]);
	});

	it('shows JSON only once it is checked', async () => {
		const value = JSON.stringify('{"answer": "up"}');
		const parameters = ask(`kite [[text value=${value}]]`, { responseFormat: 'object' });
		const { run, chunks } = await streamed(bench(), parameters);
		expect(chunksOf(chunks, 0)).toEqual([
			{ type: 'begin' },
			{ type: 'item', content: run.items(NODE)[0]?.json['text'] },
			{ type: 'end' },
		]);
	});

	it('passes nothing on twice when a request is repeated before its answer began', async () => {
		const prompt = 'kite [[text value="a b c"]] [[status code=503 retry-after-ms=1 times=2]]';
		const { chunks } = await streamed(bench(), ask(prompt));
		expect(bench().service.requests).toHaveLength(3);
		const content = chunksOf(chunks, 0).map(({ type, content: text }) => text ?? type);
		expect(content).toEqual(['begin', 'a', ' b', ' c', 'end']);
	});

	it('repeats no request whose answer has begun', async () => {
		const prompt = 'kite [[text value="a b c"]] [[reset-after fragments=2 times=1]]';
		const { run } = await streamed(bench(), ask(prompt));
		expect(run.status).toBe('error');
		expect(bench().service.requests).toHaveLength(1);
	});

	it('says once that a limit has ended the run, not for each item that was not sent', async () => {
		const items = Array.from({ length: 20 }, (__, row) => ({ json: { row } }));
		const more = { options: { parallelRequests: 1 }, limits: { tokens: 1 } };
		const { run, chunks } = await streamed(bench(), ask('kite', more), items);
		expect(run.error?.message).toMatch(/^The run has ended early/);
		const errors = chunks.filter(({ type }) => type === 'error');
		expect(errors.map(({ content }) => content)).toEqual([run.error?.description]);
		const cause = run.error?.message.split('early: ')[1];
		expect(errors[0]?.content).toContain(`, as ${cause}. `);
	});

	it('names the limit for each item that was not sent where the workflow goes on', async () => {
		const items = [0, 1, 2, 3, 4].map((row) => ({ json: { row } }));
		const parameters = ask('kite', { options: { parallelRequests: 1 }, limits: { tokens: 1 } });
		const onError = 'continueRegularOutput';
		const { run, chunks } = await streamed(bench(), parameters, items, { onError });
		for (const row of [3, 4]) {
			const { error } = run.items(NODE)[row]!.json;
			expect(error).toMatch(/^Not sent: (the limit of 1 token|.*'Tokens')/);
			const content = expect.stringMatching(new RegExp(`^${error}\\. \\w`));
			expect(chunksOf(chunks, row)).toEqual([{ type: 'begin' }, { type: 'error', content }]);
		}
	});

	it('sends nothing where Enable Streaming is off', async () => {
		const parameters = ask('a red kite', { options: { enableStreaming: false } });
		const { run, chunks } = await streamed(bench(), parameters);
		expect(run.items(NODE)).toHaveLength(1);
		expect(chunks).toEqual([]);
	});

	it('sends nothing where the execution does not stream', async () => {
		const chunks: StructuredChunk[] = [];
		const onChunk = (chunk: StructuredChunk) => void chunks.push(chunk);
		const run = await bench().run(ask('a red kite'), undefined, { onChunk, mode: 'trigger' });
		expect(run.items(NODE)).toHaveLength(1);
		expect(chunks).toEqual([]);
	});

	it('fails only the item whose chunk the reader does not take', async () => {
		const items = ['one', 'two', 'three'].map((name) => ({ json: { name } }));
		const onChunk = ({ type, metadata }: StructuredChunk) => {
			if (metadata.itemIndex === 1 && type !== 'begin') throw new Error('The client is gone');
		};
		const onError = 'continueRegularOutput';
		const run = await bench().run(ask('={{ $json.name }}'), items, { onError, onChunk });
		expect(run.status).toBe('success');
		expect(run.items(NODE).map(({ json }) => json['error'] ?? 'answered')).toEqual([
			'answered',
			'The client is gone',
			'answered',
		]);
		expect(run.items(NODE)[1]?.json['errorDetails']).toMatchObject({ kind: 'internal' });
	});
});
