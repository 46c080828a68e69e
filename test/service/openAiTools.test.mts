import { expect, test } from 'vitest';

import { chunks } from './support/events.mts';
import { complete } from './support/requests.mts';
import { openService } from './support/service.mts';

function tool(name: string) {
	const properties = { city: { type: 'string' }, days: { type: 'integer', minimum: 2 } };
	const parameters = { type: 'object', properties, required: ['city'] };
	return { type: 'function', function: { name, parameters } };
}

const tools = [tool('get_weather'), tool('get_news')];

interface Call {
	id: string;
	function: { name: string; arguments: string };
}

async function callsFor(prompt: string, more: object = {}): Promise<Call[] | undefined> {
	const service = await openService();
	const answer = (await (await complete(service, prompt, { tools, ...more })).json()) as {
		choices: Array<{ message: { tool_calls?: Call[] }; finish_reason: string }>;
	};
	const [choice] = answer.choices;
	expect(choice?.finish_reason).toBe(choice?.message.tool_calls ? 'tool_calls' : 'stop');
	return choice?.message.tool_calls;
}

test('the tool that the prompt names is called, with arguments that fit', async () => {
	const calls = await callsFor('please get_weather');
	expect(calls).toHaveLength(1);
	expect(JSON.parse(calls?.[0]?.function.arguments ?? '')).toEqual({
		city: 'please get_weather',
		days: 2,
	});
});

test('a name may be spoken, and what is quoted after it is what the call says', async () => {
	const prompt = 'Get news "of yesterday" or get WEATHER for "Oslo" or "Bergen"';
	const calls = await callsFor(prompt);
	const cities = calls?.map((call) => JSON.parse(call.function.arguments).city as string);
	expect(cities).toEqual(['Oslo', 'of yesterday']);
});

test('several names, several calls with ids of their own', async () => {
	const calls = await callsFor('get_weather and get_news');
	expect(calls?.map((call) => call.function.name)).toEqual(['get_weather', 'get_news']);
	expect(new Set(calls?.map(({ id }) => id)).size).toBe(2);
	const single = await callsFor('get_weather and get_news', { parallel_tool_calls: false });
	expect(single).toHaveLength(1);
});

test('the choice of tools is obeyed', async () => {
	expect(await callsFor('hello')).toBeUndefined();
	expect(await callsFor('get_weather', { tool_choice: 'none' })).toBeUndefined();
	expect(await callsFor('hello', { tool_choice: 'required' })).toHaveLength(1);
	const choice = { type: 'function', function: { name: 'get_news' } };
	const forced = await callsFor('hello', { tool_choice: choice });
	expect(forced?.[0]?.function.name).toBe('get_news');
});

test('streamed, the arguments come in pieces', async () => {
	const service = await openService();
	const response = await complete(service, 'get_news', { tools, stream: true });
	const all = chunks(await response.text());
	type Delta = { index: number; id?: string; function: { name?: string; arguments: string } };
	const deltas = all.flatMap(({ choices }) => (choices[0]?.delta['tool_calls'] ?? []) as Delta[]);
	expect(deltas[0]).toMatchObject({ index: 0, function: { name: 'get_news', arguments: '' } });
	expect(deltas.length).toBeGreaterThan(3);
	const text = deltas.map((delta) => delta.function.arguments).join('');
	expect(JSON.parse(text)).toEqual({ city: 'get_news', days: 2 });
	expect(all.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
});

test('the result of a tool is repeated', async () => {
	const service = await openService();
	const call = { id: 'call_1', type: 'function', function: { name: 'get_news', arguments: '{}' } };
	const messages = [
		{ role: 'user', content: 'get_news' },
		{ role: 'assistant', content: null, tool_calls: [call] },
		{ role: 'tool', tool_call_id: 'call_1', content: 'nothing new' },
	];
	const response = await complete(service, '', { tools, messages });
	expect(await response.text()).toContain('The tool answered: nothing new');
});
