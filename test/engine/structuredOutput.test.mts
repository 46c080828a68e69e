import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { failureOf } from './failure.mts';
import { chat, model, openAiChat } from './parameters.mts';
import { bodies, conversations } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const SCHEMA = {
	type: 'object',
	properties: { title: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
	required: ['title', 'tags'],
};
const EXAMPLE = { title: 'A title', tags: ['a tag'] };
const GOOD = { title: 'Kites', tags: ['sky'] };

const FORMATS: Array<[string, INodeParameters]> = [
	['an object', { responseFormat: 'object' }],
	['a schema', { responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) }],
	['a schema from an expression', { responseFormat: 'schema', jsonSchema: '={{ $json.schema }}' }],
	['an example', { responseFormat: 'example', jsonExample: JSON.stringify(EXAMPLE) }],
];

const items = [{ json: { schema: SCHEMA } }];
const good = JSON.stringify(GOOD);
/** The service says this word for word, when a conversation's last message asks for it. */
const saying = (words: string) => `kite [[text value=${JSON.stringify(words)}]]`;

describe('JSON from Ai-Chats', () => {
	// Whatever a prompt does not say otherwise is answered with good JSON: a repair, too.
	const bench = useBench({ service: { directives: saying(good).replace('kite ', '') } });

	it.each(FORMATS)('gives %s as the field output', async (_, format) => {
		const run = await bench().run(chat('kite', format), items);
		expect(run.items(NODE)).toEqual([
			{
				json: { output: GOOD, text: good, model: 'gpt-4', finishReason: 'stop' },
				pairedItem: { item: 0 },
			},
		]);
		const [message] = bodies(bench())[0]?.['messagesHistory'] as Array<{ content: string }>;
		expect(message?.content).toMatch(/^System: Answer with one JSON object only/);
		expect(message?.content.includes('"tags"')).toBe(format['responseFormat'] !== 'object');
	});

	it.each([
		['a code fence', `\`\`\`json\n${good}\n\`\`\``],
		['a preamble and a code fence', `Here it is:\n\n\`\`\`json\n${good}\n\`\`\`\nEnjoy!`],
		['sentences around it', `Sure! ${good} Anything else?`],
	])('takes it out of %s without asking again', async (_, answer) => {
		const format = { responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) };
		const run = await bench().run(chat(saying(answer), format));
		expect(run.items(NODE)[0]?.json).toMatchObject({ output: GOOD, text: answer });
		expect(bodies(bench())).toHaveLength(1);
	});

	it.each([
		['is broken', '{"title": "Kites"', 'it is not valid JSON'],
		['lacks a field', '{"title": "Kites"}', "the answer lacks 'tags'"],
		['has a wrong type', '{"title": 1, "tags": []}', 'the answer.title must be string'],
	])('asks for a repair when it %s', async (_, answer, reason) => {
		const format = { responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) };
		const run = await bench().run(chat(saying(answer), format));
		expect(run.items(NODE)[0]?.json).toMatchObject({ output: GOOD, text: good });
		const [first, second, ...others] = bodies(bench());
		expect(first).toBeDefined();
		expect(others).toEqual([]);
		const [message] = second?.['messagesHistory'] as Array<{ content: string }>;
		expect(message?.content).toContain(`Assistant: ${answer}`);
		expect(message?.content).toContain(`User: That answer cannot be used: ${reason}`);
	});
});

describe('JSON from Ai-Chats that stays broken', () => {
	const bench = useBench({ service: { directives: '[[text value="Never JSON"]]' } });

	it('fails after one repair and keeps the raw text', async () => {
		const failure = await failureOf(bench(), chat('kite', { responseFormat: 'object' }));
		expect(failure.message).toBe('The answer is not the JSON that was requested');
		expect(failure.details).toMatchObject({
			kind: 'protocol',
			partialText: 'Never JSON',
			attempts: 2,
		});
		expect(failure.details.description).toContain(
			'Even when asked for a repair: it is not valid JSON',
		);
	});

	it.each([
		['schema', { jsonSchema: '{ "type": ' }, "'JSON Schema' is not valid JSON"],
		['schema', { jsonSchema: '[]' }, "'JSON Schema' is not a JSON object"],
		['example', { jsonExample: '{ "a": }' }, "'JSON Example' is not valid JSON"],
	])('refuses an unusable %s %o', async (responseFormat, more, message) => {
		const failure = await failureOf(bench(), chat('kite', { responseFormat, ...more }));
		expect(failure).toMatchObject({ message, details: { kind: 'input', attempts: 0 } });
	});
});

describe('JSON from an OpenAI-compatible server', () => {
	const bench = useBench();

	it('is not asked of a model that draws a second time', async () => {
		const parameters = chat('a kite', { responseFormat: 'object', ...model('dalle') });
		const run = await bench().run(parameters, items);
		expect(run.error?.message).toBe("The model 'dalle' generates images");
		expect(bench().service.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it.each(FORMATS)('asks for %s in the words of the API', async (_, format) => {
		const run = await bench().run(openAiChat('kite', format), items);
		const expected =
			format['responseFormat'] === 'object'
				? { answer: 'kite' }
				: { title: 'kite', tags: ['kite'] };
		expect(run.items(NODE)[0]?.json['output']).toEqual(expected);
		expect(bodies(bench())[0]?.['response_format']).toMatchObject(
			format['responseFormat'] === 'object'
				? { type: 'json_object' }
				: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
		);
	});

	it('finds it in the fence of a server that ignores the format', async () => {
		const format = { responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) };
		const run = await bench().run(openAiChat('kite [[ignore-response-format]]', format));
		expect(run.items(NODE)[0]?.json).toMatchObject({
			output: { title: 'kite', tags: ['kite'] },
			text: expect.stringContaining('Here is the JSON you asked for'),
		});
		expect(bodies(bench())).toHaveLength(1);
	});

	it('has a broken one repaired, and adds up what both answers cost', async () => {
		const format = { responseFormat: 'schema', jsonSchema: JSON.stringify(SCHEMA) };
		const prompt = 'kite [[ignore-response-format style=broken]]';
		const run = await bench().run(openAiChat(prompt, format));
		expect(run.items(NODE)[0]?.json['output']).toMatchObject({ tags: expect.any(Array) });
		const [first, second] = conversations(bench()) as Array<Array<{ role: string }>>;
		expect(second).toMatchObject([
			...(first ?? []),
			{ role: 'assistant', content: '{"title":"kite","tags":["kite"]' },
			{ role: 'user', content: expect.stringContaining('That answer cannot be used') },
		]);
		const usage = run.items(NODE)[0]?.json['usage'] as { promptTokens: number };
		const letters = JSON.stringify(second).length / 4;
		expect(usage.promptTokens).toBeGreaterThan(letters / 2);
	});

	it('puts the schema into the prompt once an answer of the run has broken the format', async () => {
		const format = {
			responseFormat: 'schema',
			jsonSchema: JSON.stringify(SCHEMA),
			options: { parallelRequests: 1 },
		};
		const prompt = 'kite [[ignore-response-format style=broken]]';
		const run = await bench().run(openAiChat(prompt, format), [{ json: {} }, { json: {} }]);
		expect(run.items(NODE)).toHaveLength(2);
		const [first, , third] = bodies(bench());
		expect(first?.['messages']).toMatchObject([{ role: 'user' }]);
		expect(third?.['messages']).toMatchObject([
			{ role: 'system', content: expect.stringContaining('It must fit this JSON Schema') },
			{ role: 'user' },
		]);
		expect(third).toHaveProperty('response_format');
	});

	it('asks for strictness where that is chosen', async () => {
		const format = {
			responseFormat: 'schema',
			jsonSchema: JSON.stringify(SCHEMA),
			strictSchema: true,
		};
		await bench().run(openAiChat('kite', format));
		expect(bodies(bench())[0]).toMatchObject({
			response_format: { json_schema: { strict: true } },
		});
	});

	it('asks in words of its own where the server refuses the format', async () => {
		const answer = JSON.stringify(GOOD);
		const prompt = `${saying(answer)} [[refuse-response-format]]`;
		const format = { responseFormat: 'example', jsonExample: JSON.stringify(EXAMPLE) };
		const run = await bench().run(openAiChat(prompt, format));
		expect(run.items(NODE)[0]?.json['output']).toEqual(GOOD);
		const [, second] = bodies(bench());
		expect(second).not.toHaveProperty('response_format');
		expect(second?.['messages']).toMatchObject([
			{ role: 'system', content: expect.stringContaining('It must fit this JSON Schema') },
			{ role: 'user' },
		]);
	});

	it('fails with the raw text when the repair is no better', async () => {
		const service = bench().service;
		const options = { extraBody: { response_format: null } };
		const more = { responseFormat: 'object', options };
		const failure = await failureOf(bench(), openAiChat('kite', more));
		expect(failure.message).toBe('The answer is not the JSON that was requested');
		expect(failure.details).toMatchObject({ kind: 'protocol', attempts: 2 });
		expect(failure.details['partialText']).toContain('A picture of That answer cannot be used');
		expect(service.requests).toHaveLength(2);
	});
});
