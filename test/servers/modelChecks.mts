import { type Check, expectThat, ignored, notRun, type Outcome, works } from './outcome.mts';
import type { Place, SuppliedMessage, SuppliedModel } from './Place.mts';

const QUESTION = 'Hello';
const TOOL = {
	type: 'function',
	function: {
		name: 'get_weather',
		description: 'The weather of a city',
		parameters: {
			type: 'object',
			properties: { city: { type: 'string', maxLength: 8 } },
			required: ['city'],
		},
	},
};
/** How often a model of random weights is asked until it does what is looked for. */
const TRIES = 20;
/** A call that the limit cuts. Under `/responses`, llama.cpp calls such an answer complete. */
const CUT = /tool call|limit|arguments for the tool/i;
/** Where a server passes on neither text nor calls. */
export const NOTHING = /ended without an answer/;

/** Asks with one seed after another until an answer has at least so many calls. */
async function untilCalled(place: Place, count: number): Promise<SuppliedMessage | undefined> {
	for (let seed = 1; seed <= TRIES; seed++) {
		const answer = await place
			.ask(async (model) => await withTool(model).invoke(QUESTION), { seed, maxTokens: 200 })
			// A call that the limit cuts is an error, and rightly so.
			.catch((error: Error) => {
				expectThat(CUT.test(error.message) || NOTHING.test(error.message), error.message);
				return undefined;
			});
		if ((answer?.tool_calls?.length ?? 0) >= count) return answer;
	}
	return undefined;
}

function withTool(model: SuppliedModel): SuppliedModel {
	return model.bindTools([TOOL]);
}

function checkCalls({ tool_calls: calls = [] }: SuppliedMessage): void {
	for (const { id, name, args } of calls) {
		expectThat(id !== '' && name === 'get_weather' && typeof args === 'object', calls);
	}
	expectThat(new Set(calls.map(({ id }) => id)).size === calls.length, calls);
}

/** What it is when no calls arrive: the model made none, or the server took them for text. */
export async function noCalls(at: Place): Promise<Outcome> {
	const ask = at.ask(async (model) => await withTool(model).invoke(QUESTION), { maxTokens: 200 });
	const answer = await ask.catch((error: Error) => {
		expectThat(NOTHING.test(error.message), error.message);
		return undefined;
	});
	if (answer === undefined) return ignored("The server drops the model's calls; an error says so");
	return JSON.stringify(answer.content).includes('<tool_call>')
		? ignored("The server passes the model's calls on as text")
		: notRun('The tiny model did not call so');
}

async function toolCalls(place: Place, count: number): Promise<Outcome> {
	const answer = await untilCalled(place, count);
	if (answer === undefined) return await noCalls(place);
	checkCalls(answer);
	return works();
}

/** A call, its result, and what the model makes of it. */
export async function twoTurns(at: Place): Promise<Outcome> {
	const first = await untilCalled(at, 1);
	if (first === undefined) return await noCalls(at);
	const result = { role: 'tool', tool_call_id: first.tool_calls![0]!.id, content: 'sunny' };
	const results = first.tool_calls!.map(({ id }) => ({ ...result, tool_call_id: id }));
	await at
		.ask(
			async (model) =>
				await withTool(model).invoke([{ role: 'user', content: QUESTION }, first, ...results]),
			{ maxTokens: 300 },
		)
		.catch((error: Error) => expectThat(CUT.test(error.message), error.message));
	return works();
}

/** The checks of the Chat Model sub-node. */
export const modelChecks: Check[] = [
	{
		name: 'Chat Model: text and usage',
		async run({ place }) {
			const at = await place('answers');
			const answer = await at.ask(async (model) => await model.invoke(QUESTION), { maxTokens: 40 });
			expectThat(JSON.stringify(answer.content).length > 4, answer);
			const { input_tokens: tokens = 0 } = answer.usage_metadata ?? {};
			return tokens > 0 ? works() : ignored('The server reports no usage');
		},
	},
	{
		name: 'Chat Model: streaming',
		async run({ place }) {
			const at = await place('answers');
			const pieces = await at.ask(
				async (model) => {
					const found: SuppliedMessage[] = [];
					for await (const piece of await model.stream(QUESTION)) found.push(piece);
					return found;
				},
				{ maxTokens: 40 },
			);
			expectThat(pieces.length > 1, pieces);
			return works(`${pieces.length} pieces`);
		},
	},
	{
		name: 'Chat Model: one tool call',
		run: async ({ place }) => await toolCalls(await place('calls tools'), 1),
	},
	{
		name: 'Chat Model: parallel tool calls',
		run: async ({ place }) => await toolCalls(await place('calls tools'), 2),
	},
	{
		name: 'Chat Model: two turns with a tool',
		run: async ({ place }) => await twoTurns(await place('calls tools')),
	},
];
