import { describe, expect, it } from 'vitest';

import {
	type Answer,
	type Ask,
	type Asked,
	completion,
	textOf,
	TOOL,
	WAYS,
	useModel,
} from './useModel.mts';

const seen: Answer = () => completion({ content: 'A red kite.' });
const call = (args: string, more: object = {}) => ({
	id: 'c1',
	type: 'function',
	function: { name: 'get_weather', arguments: args },
	...more,
});

describe.each(WAYS)('Tool calls, %s', (_way, askFor) => {
	const { run } = useModel();
	const calls: Ask = async (model) => {
		const { tool_calls = [] } = await askFor(model.bindTools([TOOL]), 'Weather?');
		return tool_calls.map(({ id, name, args }) => ({ id, name, args }));
	};

	it.each([
		['as usual', '{"city":"Oslo"}', { city: 'Oslo' }],
		['encoded twice', JSON.stringify('{"city":"Oslo"}'), { city: 'Oslo' }],
		['as empty text', '', {}],
		['as null', 'null', {}],
	])('arguments %s are an object', async (_name, args, expected) => {
		const answer = () => completion({ content: null, tool_calls: [call(args)] }, 'tool_calls');
		expect(await run(calls, answer)).toEqual([{ id: 'c1', name: 'get_weather', args: expected }]);
	});

	it.each([
		['cut off', '{"city":"Os'],
		['with rubbish after them', '{"city":"Oslo"}""'],
		['that are a list', '["Oslo"]'],
		['that are text', '"Oslo"'],
	])('arguments %s are an error, never an empty object', async (_name, args) => {
		const answer = () => completion({ content: null, tool_calls: [call(args)] }, 'tool_calls');
		await expect(run(calls, answer)).rejects.toThrow(/not a JSON object|arguments/);
	});
});

describe.each(WAYS)('What came beside a tool call, %s', (_way, askFor) => {
	const { asked, run } = useModel();
	const SIGNATURE = { google: { thought_signature: 'SIG==' } };
	const first = completion(
		{
			content: '',
			reasoning_content: 'I need the tool.',
			tool_calls: [call('{"city":"Oslo"}', { extra_content: SIGNATURE })],
		},
		'tool_calls',
	);
	const answer: Answer = ({ messages }) =>
		messages.some(({ role }) => role === 'assistant') ? completion({ content: 'Sunny.' }) : first;
	const result = { role: 'tool', content: 'sunny', tool_call_id: 'c1' };

	function sentCall(): unknown {
		const turn = asked[1]?.messages.find(({ role }) => role === 'assistant');
		return (turn as { tool_calls: unknown[] }).tool_calls[0];
	}

	it('goes back with the result of the tool', async () => {
		const loop: Ask = async (model) => {
			const turn = await askFor(model.bindTools([TOOL]), 'Weather?');
			return textOf(await askFor(model.bindTools([TOOL]), [['human', 'Weather?'], turn, result]));
		};
		expect(await run(loop, answer)).toBe('Sunny.');
		expect(sentCall()).toEqual(call('{"city":"Oslo"}', { extra_content: SIGNATURE }));
	});

	it('goes back also through a new model object and a rebuilt turn, as of AI Agent 3', async () => {
		const loop: Ask = async (model, supply) => {
			await askFor(model.bindTools([TOOL]), 'Weather?');
			const again = await supply();
			const turn = {
				role: 'assistant',
				content: [],
				tool_calls: [
					{ id: 'c1', name: 'get_weather', args: { city: 'Oslo', id: 'c1' }, type: 'tool_call' },
				],
			};
			const turns = [['human', 'Weather?'], turn, result];
			return textOf(await askFor(again.bindTools([TOOL]), turns));
		};
		expect(await run(loop, answer)).toBe('Sunny.');
		expect(sentCall()).toEqual(call('{"city":"Oslo"}', { extra_content: SIGNATURE }));
	});

	it('has the reasoning with it where the server misses that', async () => {
		const demanding: Answer = (body) => {
			const turn = body.messages.find(({ role }) => role === 'assistant');
			if (turn === undefined || 'reasoning_content' in turn) return answer(body);
			const message = 'Missing `reasoning_content` field in the assistant message at index 1.';
			return { error: { message, type: 'invalid_request_error' } };
		};
		const loop: Ask = async (model) => {
			const turn = await askFor(model.bindTools([TOOL]), 'Weather?');
			return textOf(await askFor(model.bindTools([TOOL]), [['human', 'Weather?'], turn, result]));
		};
		expect(await run(loop, demanding)).toBe('Sunny.');
		const turn = asked.at(-1)?.messages.find(({ role }) => role === 'assistant');
		expect(turn).toMatchObject({ content: null, reasoning_content: 'I need the tool.' });
	});

	it('is not mixed up with an older call of the same ID', async () => {
		const answers: Answer = ({ messages }) => {
			const turns = messages.filter(({ role }) => role === 'assistant').length;
			const city = ['Oslo', 'Rome'][turns];
			if (city === undefined) return completion({ content: 'Sunny.' });
			const extra = { extra_content: { google: { thought_signature: city } } };
			return completion(
				{ content: null, tool_calls: [call(JSON.stringify({ city }), extra)] },
				'tool_calls',
			);
		};
		const loop: Ask = async (model) => {
			const tools = model.bindTools([TOOL]);
			const turns: unknown[] = [['human', 'Weather?']];
			turns.push(await askFor(tools, turns), result);
			turns.push(await askFor(tools, turns), result);
			return textOf(await askFor(tools, turns));
		};
		expect(await run(loop, answers)).toBe('Sunny.');
		const sent = (asked[2] as Asked).messages.flatMap(
			(turn) => (turn['tool_calls'] ?? []) as Array<ReturnType<typeof call>>,
		);
		expect(
			sent.map((one) => [one.function.arguments, JSON.stringify(one).includes('Oslo"}}')]),
		).toEqual([
			['{"city":"Oslo"}', true],
			['{"city":"Rome"}', false],
		]);
	});
});

describe('Tools', () => {
	const { asked, run } = useModel();

	it('are sent without the name of their schema dialect', async () => {
		await run(async (model) => textOf(await model.bindTools([TOOL]).invoke('Hi')), seen);
		const sent = asked[0]?.tools?.[0]?.function.parameters;
		expect(sent).toEqual({
			type: 'object',
			properties: { city: { type: 'string' } },
			required: ['city'],
		});
	});
});
