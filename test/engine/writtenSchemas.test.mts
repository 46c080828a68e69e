import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { failureOf } from './failure.mts';
import { chat, openAiChat } from './parameters.mts';
import { bodies, conversations } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const CLASSES = [
	{ name: 'Complaint', when: 'The customer is unhappy' },
	{ name: 'Question', when: '' },
	{ name: 'Other', when: 'Nothing else fits' },
];
const COLUMNS = [
	{ name: 'customer', description: 'Who writes' },
	{ name: 'score', type: 'number' },
	{ name: 'count', type: 'integer', allowEmpty: '={{ "true" }}' },
	{ name: 'urgent', type: 'boolean' },
	{ name: 'day', type: 'date' },
	{ name: 'products', type: 'list' },
];
const ROW = {
	customer: 'Ada',
	score: 1.5,
	count: null,
	urgent: false,
	day: '2025-12-31',
	products: ['kettle'],
};

const oneOf = (values: object[]): INodeParameters => ({
	responseFormat: 'choices',
	choices: { values } as INodeParameters,
});
const columns = (values: object[]): INodeParameters => ({
	responseFormat: 'columns',
	columns: { values } as INodeParameters,
});
/** The service says this word for word. */
const saying = (words: string) => `[[text value=${JSON.stringify(words)}]]`;

describe('One of a List', () => {
	const bench = useBench();

	it('gives the name alone, item by item, and asks with an object', async () => {
		const letters = ['I have a complaint', 'A question: why?', 'Complaint, or question?'];
		const run = await bench().run(
			openAiChat('={{ $json.letter }}', oneOf(CLASSES)),
			letters.map((letter) => ({ json: { letter } })),
		);
		expect(run.items(NODE).map(({ json, pairedItem }) => [json['output'], pairedItem])).toEqual([
			['Complaint', { item: 0 }],
			['Question', { item: 1 }],
			['Complaint', { item: 2 }],
		]);
		expect(run.items(NODE)[0]?.json['text']).toBe('{"choice":"Complaint"}');
		const choice = {
			type: 'string',
			enum: ['Complaint', 'Question', 'Other'],
			description: 'Complaint: The customer is unhappy\nOther: Nothing else fits',
		};
		expect(bodies(bench())[0]?.['response_format']).toEqual({
			type: 'json_schema',
			json_schema: {
				name: 'answer',
				strict: true,
				schema: {
					type: 'object',
					properties: { choice },
					required: ['choice'],
					additionalProperties: false,
				},
			},
		});
	});

	it('tells the model the list, which a server that only enforces it does not', async () => {
		await bench().run(openAiChat('A letter', { ...oneOf(CLASSES), systemMessage: 'Be kind.' }));
		const [[system, user]] = conversations(bench()) as [Array<{ content: string }>];
		expect(system?.content).toMatch(/^Be kind\.\n\nAnswer with one JSON object only/);
		expect(system?.content.match(/The customer is unhappy/g)).toHaveLength(1);
		expect(user?.content).toBe('A letter');
	});

	it.each([
		['in an object', '{"choice": "Other"}'],
		['in an object, in a code fence', '```json\n{"choice": "Other"}\n```'],
		['in an object, with words around it', 'It is {"choice": "Other"}, I think.'],
		['alone', 'Other'],
		['alone, with a period', ' Other.\n'],
		['alone, in quotation marks', '"Other"'],
		['alone, in bold', '**Other**'],
	])('takes a name %s from a service without formats, asking once', async (_, answer) => {
		const run = await bench().run(chat(saying(answer), oneOf(CLASSES)));
		expect(run.items(NODE)[0]?.json).toMatchObject({ output: 'Other' });
		const [{ messagesHistory }, ...others] = bodies(bench()) as [
			{ messagesHistory: Array<{ content: string }> },
		];
		expect(others).toEqual([]);
		expect(messagesHistory[0]?.content).toContain('"enum":["Complaint","Question","Other"]');
	});
});

describe('A class that is not in the list', () => {
	const bench = useBench({ service: { directives: saying('{"choice": "Other"}') } });

	it.each(['{"choice": "Praise"}', 'Praise', '{"choice": "other"}', '{"choice": ["Other"]}', '{}'])(
		'never comes out: %s is repaired',
		async (answer) => {
			const run = await bench().run(chat(`kite ${saying(answer)}`, oneOf(CLASSES)));
			expect(run.items(NODE)[0]?.json).toMatchObject({ output: 'Other' });
			expect(bodies(bench())).toHaveLength(2);
		},
	);
});

describe('A class that stays wrong', () => {
	const bench = useBench({ service: { directives: saying('Praise') } });

	it('fails the item after one repair, with what the model wrote', async () => {
		const failure = await failureOf(bench(), chat('kite', oneOf(CLASSES)));
		expect(failure.message).toBe('The answer is not the JSON that was requested');
		expect(failure.details).toMatchObject({ kind: 'protocol', attempts: 2, partialText: 'Praise' });
		expect(failure.details.description).toContain(
			'must be one of "Complaint", "Question", "Other"',
		);
	});
});

describe('Columns', () => {
	const bench = useBench();

	it('asks for an object that has all of them and nothing else', async () => {
		await bench().run(openAiChat('A letter', columns(COLUMNS)));
		const { response_format: format } = bodies(bench())[0] as {
			response_format: { json_schema: object };
		};
		expect(format.json_schema).toEqual({
			name: 'answer',
			strict: true,
			schema: {
				type: 'object',
				properties: {
					customer: { type: 'string', description: 'Who writes' },
					score: { type: 'number' },
					count: { type: ['integer', 'null'] },
					urgent: { type: 'boolean' },
					day: { type: 'string', format: 'date', pattern: expect.any(String) },
					products: { type: 'array', items: { type: 'string' } },
				},
				required: COLUMNS.map(({ name }) => name),
				additionalProperties: false,
			},
		});
	});

	it.each([openAiChat, chat])(
		'gives the values in their types, as columns of the row',
		async (ask) => {
			const options = { spreadJson: true };
			const more = { ...columns(COLUMNS), includeOtherFields: true, options };
			const prompt = saying(JSON.stringify(ROW)) + ' [[refuse-response-format]]';
			const run = await bench().run(ask(prompt, more), [{ json: { id: 1, customer: '' } }]);
			expect(run.items(NODE)[0]?.json).toMatchObject({ id: 1, ...ROW });
			expect(run.items(NODE)[0]?.json).not.toHaveProperty('output');
		},
	);
});

describe('Columns that the model fills wrongly', () => {
	const bench = useBench({ service: { directives: saying(JSON.stringify(ROW)) } });

	it.each([
		['lacks a column', { customer: undefined }, "lacks 'customer'"],
		['has one more', { more: 1 }, 'more'],
		['has text for a number', { score: '1.5' }, 'score must be number'],
		['has a fraction for a whole number', { count: 1.5 }, 'count must be integer or null'],
		['has null where that is not allowed', { urgent: null }, 'urgent must be boolean'],
		['has a day that is none', { day: '2025-13-01' }, 'day must match'],
		['has a day in another way', { day: '31.12.2025' }, 'day must match'],
		['has a list of numbers', { products: [1] }, 'must be string'],
	])('are asked for once more when the answer %s', async (_, wrong, reason) => {
		const answer = saying(JSON.stringify({ ...ROW, ...wrong }));
		const run = await bench().run(chat(`kite ${answer}`, columns(COLUMNS)));
		expect(run.items(NODE)[0]?.json).toMatchObject({ output: ROW });
		expect(bodies(bench())).toHaveLength(2);
		expect(JSON.stringify(bodies(bench())[1])).toContain(reason);
	});
});

describe('Rows that cannot be used', () => {
	const bench = useBench();

	it.each([
		['an empty list', oneOf([]), "'Choices' is empty"],
		['no columns', columns([]), "'Columns' is empty"],
		['none at all', { responseFormat: 'columns' }, "'Columns' is empty"],
		[
			'a row without a name',
			oneOf([CLASSES[0]!, { name: '  ' }]),
			"'Choices, row 2: Name' is empty",
		],
		[
			'an expression that gives nothing',
			columns([{ name: '={{ $json.nothing }}' }]),
			"'Columns, row 1: Name' is empty",
		],
		[
			'an expression that gives an object',
			oneOf([{ name: '={{ $json }}' }]),
			"'Choices, row 1: Name' is not text",
		],
		[
			'a name twice',
			oneOf([{ name: 'a' }, { name: 'b' }, { name: ' a ' }]),
			"'Choices' has 'a' more than once",
		],
		[
			'a column twice',
			columns([{ name: 'a' }, { name: '={{ "a" }}' }]),
			"'Columns' has 'a' more than once",
		],
		[
			'an unknown type',
			columns([{ name: 'a', type: 'money' }]),
			"There is no type 'money' for the column 'a'",
		],
		[
			'an unclear switch',
			columns([{ name: 'a', allowEmpty: '={{ "maybe" }}' }]),
			'\'Allow Empty\' must be true or false, but is "maybe"',
		],
	])('%s: the error says so, and nobody is asked', async (_, format, message) => {
		const failure = await failureOf(bench(), openAiChat('kite', format));
		expect(failure.message).toBe(message);
		expect(failure.details).toMatchObject({ kind: 'input', attempts: 0 });
		expect(failure.details.description).not.toBe('');
		expect(bench().service.requests).toEqual([]);
	});

	it('names from expressions are those of the item, numbers too', async () => {
		const names = oneOf([{ name: '={{ $json.year }}' }, { name: '={{ $json.year + 1 }}' }]);
		const run = await bench().run(
			openAiChat('={{ $json.say }}', names),
			[2020, 2030].map((year) => ({ json: { year, say: `It was ${year + 1}` } })),
		);
		expect(run.items(NODE).map(({ json }) => json['output'])).toEqual(['2021', '2031']);
	});
});
