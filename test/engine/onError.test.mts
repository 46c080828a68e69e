import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { itemWithImages } from './drawnImage.mts';
import { chat, image, once, openAiChat } from './parameters.mts';
import { NODE, node, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

const PROMPT = '={{ $json.prompt }}';
const options = once;

/** Good and failing ones by turns; the failing come out sooner. */
const ITEMS = [
	{ json: { prompt: 'one [[latency ms=40]]', tag: 'a' } },
	{ json: { prompt: 'two [[status code=500]]', tag: 'b' } },
	{ json: { prompt: 'three [[latency ms=20]]', tag: 'c' } },
	{ json: { prompt: '', tag: 'd' } },
	{ json: { prompt: 'five [[text value="so far so good"]] [[trylimit after=3]]', tag: 'e' } },
	{ json: { prompt: 'six', tag: 'f' } },
];

const SERVER_ERROR = {
	prompt: ITEMS[1]?.json.prompt,
	tag: 'b',
	error: 'The service answered with status 500',
	errorDetails: {
		kind: 'http',
		status: 500,
		code: 'server_error',
		description: expect.stringContaining('The service said: The server had an error.'),
		requestId: expect.stringMatching(/^stand-in-service-/),
		partialText: null,
		attempts: 1,
	},
};
const NO_PROMPT = {
	prompt: '',
	tag: 'd',
	error: "'Prompt' is empty",
	errorDetails: {
		kind: 'input',
		description: expect.stringContaining('check that its expression'),
		attempts: 0,
	},
};
const QUOTA = {
	prompt: ITEMS[4]?.json.prompt,
	tag: 'e',
	error: 'The free limit is used up',
	errorDetails: {
		kind: 'quota',
		status: null,
		code: null,
		requestId: null,
		description: expect.not.stringContaining('so far so'),
		partialText: 'so far so',
		attempts: 1,
	},
};
const answerTo = (word: string) =>
	expect.objectContaining({ text: expect.stringContaining(`A picture of ${word}`) });

describe('When items fail', () => {
	const bench = useBench();

	it('they come out in their places, with what came in and what went wrong', async () => {
		const onError = 'continueRegularOutput';
		const run = await bench().run(chat(PROMPT, { options }), ITEMS, { onError });
		expect(run.status).toBe('success');
		expect(run.items(NODE).map(({ json }) => json)).toEqual([
			answerTo('one'),
			SERVER_ERROR,
			answerTo('three'),
			NO_PROMPT,
			QUOTA,
			answerTo('six'),
		]);
		expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			ITEMS.map((_, item) => ({ item })),
		);
		expect(run.hints(NODE)).toEqual([
			expect.objectContaining({ type: 'warning', message: '3 of 6 items failed' }),
		]);
	});

	it('they leave by the error output, the others by the usual one, and both are taken', async () => {
		const workflow = oneNode(chat(PROMPT, { options }), 'continueErrorOutput');
		const next = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
		workflow.nodes.push(node('Good', 'n8n-nodes-base.noOp', {}));
		workflow.nodes.push(node('Failed', 'n8n-nodes-base.noOp', {}));
		workflow.connections[NODE] = { main: [next('Good'), next('Failed')] };
		const run = await bench().engine.run(workflow, { input: ITEMS });
		expect(run.status).toBe('success');
		expect(run.items('Good').map(({ json }) => json)).toEqual([
			answerTo('one'),
			answerTo('three'),
			answerTo('six'),
		]);
		expect(run.items('Failed').map(({ json }) => json)).toEqual([SERVER_ERROR, NO_PROMPT, QUOTA]);
		const lineage = [0, 1].map((output) => run.items(NODE, output).map((item) => item.pairedItem));
		expect(lineage).toEqual([
			[{ item: 0 }, { item: 2 }, { item: 5 }],
			[{ item: 1 }, { item: 3 }, { item: 4 }],
		]);
	});

	it('the workflow stops with the error of the first, and nothing more is asked', async () => {
		const items = [
			{ json: { prompt: 'one [[stall]]' } },
			{ json: { prompt: 'two [[status code=500]]' } },
			...Array.from({ length: 20 }, () => ({ json: { prompt: 'later' } })),
		];
		const parameters = chat(PROMPT, { options: { ...once, parallelRequests: 2 } });
		const run = await bench().run(parameters, items);
		expect(run.status).toBe('error');
		expect(run.error).toMatchObject({
			message: 'The service answered with status 500',
			httpCode: '500',
			context: { itemIndex: 1 },
			node: { name: NODE },
		});
		expect(bench().service.requests).toHaveLength(2);
	});

	it.each([
		['two [[status code=500]]', NodeApiError.name],
		['', NodeOperationError.name],
	])("the error that stops it is of n8n's own kind: %s", async (prompt, name) => {
		const run = await bench().run(chat(PROMPT, { options }), [{ json: { prompt } }]);
		expect(run.error?.name).toBe(name);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'they keep the files that came in: %s',
		async (onError) => {
			const input = { ...(await itemWithImages({ photo: {} })), json: { prompt: 'x', tag: 'a' } };
			const parameters = image(`${PROMPT} [[no-data]]`, { options });
			const run = await bench().run(parameters, [input], { onError });
			const [item] = run.items(NODE, onError === 'continueErrorOutput' ? 1 : 0);
			expect(item?.json).toMatchObject({ tag: 'a', errorDetails: { kind: 'protocol' } });
			expect(Object.keys(item?.binary ?? {})).toEqual(['photo']);
			expect((await run.binary(item!, 'photo')).toString('base64')).toBe(
				input.binary['photo']?.data,
			);
		},
	);
});

describe('When the credential is refused', () => {
	const bench = useBench();
	const items = Array.from({ length: 30 }, (_, index) => ({ json: { index } }));
	const refused = (options: object) =>
		openAiChat('kite [[status code=401]]', { options: { ...once, ...options } });

	it('it is asked once, and the other items come out as failed without a request', async () => {
		const onError = 'continueRegularOutput';
		const run = await bench().run(refused({ parallelRequests: 1 }), items, { onError });
		expect(run.status).toBe('success');
		expect(bench().service.requests).toHaveLength(1);
		const [first, ...others] = run.items(NODE).map(({ json }) => json);
		expect(others).toHaveLength(29);
		expect(first).toMatchObject({ index: 0, errorDetails: { attempts: 1, status: 401 } });
		others.forEach((json, at) => {
			expect(json).toMatchObject({
				index: at + 1,
				error: `Not sent: ${String(first?.['error'])}`,
				errorDetails: {
					kind: 'limit',
					status: 401,
					attempts: 0,
					requestId: null,
					description: expect.stringMatching(/^An earlier item failed for a reason that affects/),
				},
			});
		});
		expect(run.hints(NODE)).toMatchObject([
			{ message: 'Not sent: The service answered with status 401 (29 of 30 items)' },
			{ message: '1 of 30 items failed' },
		]);
	});

	it('only the requests under way are sent besides', async () => {
		const onError = 'continueErrorOutput';
		const run = await bench().run(refused({ parallelRequests: 4 }), items, { onError });
		expect(bench().service.requests.length).toBeLessThanOrEqual(4);
		expect(run.items(NODE, 1).map(({ json }) => json['index'])).toEqual(items.map((_, at) => at));
	});

	it('the workflow stops at once otherwise', async () => {
		const run = await bench().run(refused({ parallelRequests: 1 }), items);
		expect(run.error).toMatchObject({ httpCode: '401', context: { itemIndex: 0 } });
		expect(bench().service.requests).toHaveLength(1);
	});

	it('a failure of one item only does not keep the others from being sent', async () => {
		const onError = 'continueRegularOutput';
		const parameters = openAiChat('={{ $json.index === 0 ? "[[status code=400]]" : "kite" }}');
		const run = await bench().run(parameters, items.slice(0, 3), { onError });
		expect(run.items(NODE).map(({ json }) => 'error' in json)).toEqual([true, false, false]);
	});
});
