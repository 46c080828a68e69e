import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { drawn, itemWithImages } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { chat, image, model, once, openAiChat, openAiImage } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const KEEP = { includeOtherFields: true };
const PROMPT = '={{ $json.prompt }}';
const ROWS = [
	{ json: { id: 1, prompt: 'one [[latency ms=30]]', nested: { deep: ['a'] } } },
	{ json: { id: 2, prompt: 'two [[status code=500]]' } },
	{ json: { id: 3, prompt: 'three' } },
];
const ANSWER = { text: expect.stringContaining('A picture of') as string, model: 'gpt-4' };

/** The service says this word for word. */
const saying = (value: object) => `kite [[text value=${JSON.stringify(JSON.stringify(value))}]]`;

describe('Include Other Input Fields', () => {
	const bench = useBench();

	it('enriches every row in its place, a failed one among them', async () => {
		const parameters = chat(PROMPT, { ...KEEP, options: { ...once, parallelRequests: 3 } });
		const run = await bench().run(parameters, ROWS, { onError: 'continueRegularOutput' });
		expect(run.items(NODE)).toEqual([
			{ json: { ...ROWS[0]?.json, ...ANSWER, finishReason: 'stop' }, pairedItem: { item: 0 } },
			{
				json: {
					...ROWS[1]?.json,
					error: 'The service answered with status 500',
					errorDetails: expect.objectContaining({ status: 500 }),
				},
				pairedItem: { item: 1 },
			},
			{ json: { ...ROWS[2]?.json, ...ANSWER, finishReason: 'stop' }, pairedItem: { item: 2 } },
		]);
	});

	it('is off unless asked for', async () => {
		const run = await bench().run(chat('kite'), [{ json: { id: 7 }, ...file('data') }]);
		expect(run.items(NODE)).toEqual([
			{ json: { ...ANSWER, finishReason: 'stop' }, pairedItem: { item: 0 } },
		]);
	});

	it('lets the answer win over fields of the same name', async () => {
		const row = { json: { id: 1, text: 'old', model: 'old', usage: 'old' } };
		const run = await bench().run(chat('kite', KEEP), [row]);
		expect(run.items(NODE)[0]?.json).toEqual({
			id: 1,
			...ANSWER,
			finishReason: 'stop',
			usage: 'old',
		});
	});

	it('follows an expression, item by item', async () => {
		const parameters = chat('kite', { includeOtherFields: '={{ $json.id === 1 }}' });
		const run = await bench().run(parameters, [{ json: { id: 1 } }, { json: { id: 2 } }]);
		expect(run.items(NODE).map(({ json }) => json['id'])).toEqual([1, undefined]);
	});

	it('keeps the files of the row beside a new image, which wins over one of its name', async () => {
		const row = { ...(await itemWithImages({ data: {}, photo: {} })), json: { id: 1 } };
		const run = await bench().run(image('a red kite', KEEP), [row]);
		const [item, ...others] = run.items(NODE);
		expect(others).toEqual([]);
		expect(item?.json).toMatchObject({ id: 1, model: 'dalle', mimeType: 'image/png' });
		expect(Object.keys(item?.binary ?? {}).sort()).toEqual(['data', 'photo']);
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
		expect(item?.binary?.['photo']).toEqual(row.binary['photo']);
	});

	it('gives the row to each of several images', async () => {
		const options = { count: 3 };
		const parameters = openAiImage('kite', { ...model('dall-e-2'), ...KEEP, options });
		const run = await bench().run(parameters, [{ json: { id: 1 } }, { json: { id: 2 } }]);
		expect(run.items(NODE).map(({ json, pairedItem }) => [json['id'], pairedItem])).toEqual(
			[0, 0, 0, 1, 1, 1].map((item) => [item + 1, { item }]),
		);
	});
});

describe("A row's own error", () => {
	const bench = useBench();
	const failed = { id: 1, error: 'It rained', errorDetails: { kind: 'network' } };

	it.each([
		['spread', {}, ANSWER],
		['in a field', { answerField: 'ai' }, { ai: { ...ANSWER, finishReason: 'stop' } }],
	])('does not make a success a failure, the answer %s', async (_, options, answer) => {
		const run = await bench().run(chat('kite', { ...KEEP, options }), [{ json: failed }], {
			onError: 'continueErrorOutput',
		});
		expect(run.items(NODE, 1)).toEqual([]);
		const [item] = run.items(NODE, 0);
		expect(item?.json).toMatchObject({
			id: 1,
			inputError: 'It rained',
			inputErrorDetails: { kind: 'network' },
			...answer,
		});
		expect(item?.json).not.toHaveProperty('error');
		expect(item?.json).not.toHaveProperty('errorDetails');
	});

	it('goes out by the other output when the row fails again', async () => {
		const parameters = chat('kite [[status code=400]]', { ...KEEP, options: once });
		const run = await bench().run(parameters, [{ json: failed }], {
			onError: 'continueErrorOutput',
		});
		expect(run.items(NODE, 0)).toEqual([]);
		expect(run.items(NODE, 1)[0]?.json).toMatchObject({
			id: 1,
			error: 'The service answered with status 400',
			errorDetails: { status: 400 },
		});
	});
});

describe('Put Answer in Field', () => {
	const bench = useBench();
	const options = { answerField: ' ai ' };

	it('puts all of an answer into one field', async () => {
		const run = await bench().run(openAiChat('kite', { ...KEEP, options }), [
			{ json: { ai: 1, id: 2 } },
		]);
		expect(run.items(NODE)[0]?.json).toEqual({
			id: 2,
			ai: {
				text: ANSWER.text,
				model: 'gpt-4o-mini',
				finishReason: 'stop',
				usage: expect.any(Object),
			},
		});
	});

	it('leaves the file of an image where it is', async () => {
		const run = await bench().run(image('a red kite', { options }));
		const [item] = run.items(NODE);
		expect(item?.json).toEqual({ ai: expect.objectContaining({ mimeType: 'image/png' }) });
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
	});

	it.each(['error', 'errorDetails'])(
		'is refused when it is %s, and nobody is asked',
		async (name) => {
			const failure = await failureOf(bench(), chat('kite', { options: { answerField: name } }));
			expect(failure.message).toBe(`'Put Answer in Field' cannot be '${name}'`);
			expect(failure.details).toMatchObject({ kind: 'input', attempts: 0 });
			expect(bench().service.requests).toEqual([]);
		},
	);
});

describe('Spread JSON Answer', () => {
	const bench = useBench();
	const spread = (answer: object, more: INodeParameters = {}) =>
		chat(saying(answer), { responseFormat: 'object', options: { spreadJson: true }, ...more });

	it('gives a field for each of the JSON, which win over all others', async () => {
		const answer = { tone: 'calm', score: 4, text: 'mine' };
		const run = await bench().run(spread(answer, KEEP), [{ json: { id: 1, tone: 'unknown' } }]);
		expect(run.items(NODE)[0]?.json).toEqual({
			id: 1,
			model: 'gpt-4',
			finishReason: 'stop',
			...answer,
		});
	});

	it('leaves in output what would look like a failure', async () => {
		const run = await bench().run(spread({ tone: 'calm', error: 'none' }));
		expect(run.items(NODE)[0]?.json).toMatchObject({ tone: 'calm', output: { error: 'none' } });
		expect(run.items(NODE)[0]?.json).not.toHaveProperty('error');
	});

	it('changes nothing about text', async () => {
		const run = await bench().run(spread({}, { responseFormat: 'text' }));
		expect(run.items(NODE)[0]?.json).toEqual({ text: '{}', model: 'gpt-4', finishReason: 'stop' });
	});
});

function file(name: string) {
	return { binary: { [name]: { data: 'YQ==', mimeType: 'text/plain' } } };
}
