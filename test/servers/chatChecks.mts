import { eventually } from '../../dev/servers/recipe.mts';
import { drawn } from '../engine/drawnImage.mts';
import {
	type Check,
	expectThat,
	ignored,
	notRun,
	only,
	type Outcome,
	refused,
	remarkable,
	textOf,
	works,
} from './outcome.mts';
import type { Answer, Place } from './Place.mts';

const PROMPT = 'Tell me of the wind';
const SCHEMA = {
	type: 'object',
	properties: { title: { type: 'string', maxLength: 20 }, count: { type: 'integer' } },
	required: ['title', 'count'],
	additionalProperties: false,
};

/** A prompt with options, answered in few tokens. */
function short(options: object = {}, more: object = {}) {
	return { prompt: PROMPT, options: { maxTokens: 40, ...options }, ...more };
}

/** How often a model of random weights is asked until its JSON ends within the limit. */
const TRIES = 5;

async function json(place: Place, format: object): Promise<Outcome> {
	let last: Outcome | undefined;
	for (let seed = 1; seed <= TRIES && last?.result !== 'works'; seed++) {
		last = await jsonOnce(place, format, seed);
	}
	return last!;
}

async function jsonOnce(place: Place, format: object, seed: number): Promise<Outcome> {
	const { json: item, failure } = await only(place, short({ maxTokens: 200, seed }, format));
	if (failure === undefined) {
		expectThat(typeof item['output'] === 'object' && item['output'] !== null, item);
		return works();
	}
	if (failure.kind === 'http') return refused(failure.description);
	expectThat(/JSON|limit/.test(failure.message), failure);
	return ignored('The answer is not JSON; the item fails and says so');
}

/** Fails as the server says, or is taken. */
function takenOrRefused({ failure, json: item }: Answer, taken: string): Outcome {
	if (failure === undefined) return remarkable(taken);
	// Some servers fail after the head of their answer, and can only close the connection.
	if (failure.kind === 'truncated') return refused('It closes the connection without a reason');
	expectThat(failure.kind === 'http' && failure.description !== '', { failure, item });
	return refused(failure.description);
}

/** The checks of the node's Chat operation. The last one ends a server. */
export const chatChecks: Check[] = [
	{
		name: 'Text',
		async run({ place }) {
			const answer = await only(await place('answers'), short());
			expectThat(textOf(answer).trim() !== '', answer);
			return works();
		},
	},
	{
		name: 'Streaming',
		async run({ place }) {
			const pieces: string[] = [];
			const { answers } = await (
				await place('answers')
			).chat(short(), undefined, (chunk) => {
				if (chunk.type === 'item') pieces.push(chunk.content ?? '');
			});
			expectThat(pieces.length > 1 && pieces.join('') === textOf(answers[0]!), { pieces, answers });
			return works(`${pieces.length} fragments`);
		},
	},
	{
		name: 'Usage',
		async run({ place }) {
			const { json: item } = await only(await place('answers'), short());
			const usage = item['usage'] as Record<string, number> | undefined;
			if (usage === undefined) return ignored('The server reports no usage');
			expectThat(usage['promptTokens'] !== undefined && usage['completionTokens']! > 0, item);
			return usage['promptTokens'] === 0 ? ignored('It counts no tokens of the prompt') : works();
		},
	},
	{
		name: 'Model list',
		async run({ place }) {
			const at = await place('answers');
			const models = await at.models();
			expectThat(models.includes(at.endpoint.model), models);
			return works();
		},
	},
	{
		name: 'Credential test',
		async run({ place }) {
			const result = await (await place('answers')).testCredential();
			expectThat(result.status === 'OK', result);
			return works();
		},
	},
	{
		name: 'Credential test, wrong key',
		async run({ place }) {
			const at = await place('answers');
			if (at.endpoint.apiKey === '') return notRun('The server has no keys');
			const result = await at.testCredential('wrong');
			expectThat(result.status === 'Error', result);
			return works(result.message);
		},
	},
	{
		name: 'Max Tokens',
		async run({ place }) {
			const { json: item } = await only(await place('never ends'), short({ maxTokens: 5 }));
			const tokens = (item['usage'] as Record<string, number> | undefined)?.['completionTokens'];
			const few = String(item['text']).split(' ').length <= 12;
			expectThat(few && (tokens === undefined || tokens <= 6), item);
			return works(`finish reason ${String(item['finishReason'])}`);
		},
	},
	{
		name: 'Stop Sequences',
		async run({ place }) {
			const at = await place('never ends');
			const fixed = { temperature: 0, seed: 7, maxTokens: 30 };
			const text = textOf(await only(at, short(fixed)));
			const middle = text.slice(Math.floor(text.length / 3));
			const word = /[a-z]{3,}/.exec(middle)?.[0] ?? '';
			expectThat(word !== '', text);
			const stopped = textOf(await only(at, short({ ...fixed, stop: [word] })));
			if (stopped.includes(word)) return ignored('The text goes on after the sequence');
			expectThat(text.trim().startsWith(stopped.trim()), { text, word, stopped });
			return works();
		},
	},
	{
		name: 'Seed',
		async run({ place }) {
			const at = await place('never ends');
			const ask = async (seed: number) =>
				textOf(await only(at, short({ temperature: 1, seed, maxTokens: 20 })));
			const [first, again, other] = [await ask(1), await ask(1), await ask(2)];
			return first === again && first !== other
				? works()
				: ignored('The same seed gives other texts, or every seed the same');
		},
	},
	{
		name: 'Temperature',
		async run({ place }) {
			const at = await place('never ends');
			const ask = async () => textOf(await only(at, short({ temperature: 0, maxTokens: 20 })));
			return (await ask()) === (await ask()) ? works() : ignored('Two texts at 0 differ');
		},
	},
	{
		name: 'JSON Object',
		run: async ({ place }) => await json(await place('answers'), { responseFormat: 'object' }),
	},
	{
		name: 'JSON by Schema',
		run: async ({ place }) =>
			await json(await place('answers'), {
				responseFormat: 'schema',
				jsonSchema: JSON.stringify(SCHEMA),
			}),
	},
	{
		name: 'JSON by Example',
		run: async ({ place }) =>
			await json(await place('answers'), {
				responseFormat: 'example',
				jsonExample: '{ "count": 1, "found": true }',
			}),
	},
	{
		name: 'Thinking kept apart',
		async run({ place }) {
			const at = await place('thinks');
			for (let seed = 1; seed <= 8; seed++) {
				const options = { seed, maxTokens: 400 };
				const { json: item, failure } = await only(at, short(options, { simplify: false }));
				// A model of random weights may think to its end: that is an error, and rightly so.
				if (failure !== undefined) expectThat(/reason|limit|empty/i.test(failure.message), failure);
				else if (String(item['reasoning'] ?? '') !== '') {
					expectThat(!String(item['text']).includes('think>'), item);
					return works();
				}
			}
			return notRun('The tiny model never thought and answered');
		},
	},
	{
		name: 'Image input',
		async run({ place }) {
			const file = { data: (await drawn('a kite')).toString('base64'), mimeType: 'image/png' };
			const items = [{ json: {}, binary: { data: file } }];
			const answer = await only(await place('answers'), short({ imageFields: 'data' }), items);
			return takenOrRefused(answer, 'The server takes it, though its model cannot see');
		},
	},
	{
		name: 'Prompt longer than the context',
		async run({ place }) {
			const prompt = 'wind and sky '.repeat(3000);
			const answer = await only(await place('answers'), { prompt, options: { maxTokens: 20 } });
			return takenOrRefused(answer, 'The server shortens the prompt without saying so');
		},
	},
	{
		name: 'Unknown model',
		async run({ place }) {
			const model = { __rl: true, mode: 'id', value: 'no-such-model' };
			const answer = await only(await place('answers'), short({}, { model }));
			return takenOrRefused(answer, 'Any name is taken: it serves one model');
		},
	},
	{
		name: '30 items, 5 in parallel',
		async run({ place }) {
			const items = Array.from({ length: 30 }, (_, index) => ({ json: { index } }));
			const options = { maxTokens: 8, parallelRequests: 5 };
			const parameters = { prompt: '={{ "Say " + $json.index }}', options };
			const { run, answers } = await (await place('answers')).chat(parameters, items);
			const interrupted = answers.filter(({ failure }) => failure?.kind === 'truncated').length;
			if (interrupted > 0) {
				return refused(
					'It drops an answer when the next request comes: those items fail and say so',
				);
			}
			for (const answer of answers) textOf(answer);
			const order = run.items('AiChats').map(({ pairedItem }) => pairedItem);
			expectThat(
				JSON.stringify(order) === JSON.stringify(items.map((_, item) => ({ item }))),
				order,
			);
			return works('all, in order');
		},
	},
	{
		name: 'Stop frees the server',
		async run({ place }) {
			const at = await place('never ends');
			const { busy } = at.endpoint;
			const execution = at.start(
				{ prompt: PROMPT, options: { maxRetries: 0 } },
				undefined,
				(chunk) => {
					if (chunk.type === 'item') execution.cancel();
				},
			);
			const { status } = await execution.finished;
			expectThat(status === 'canceled', status);
			if (busy === undefined) {
				textOf(await only(at, short({ maxTokens: 5 })));
				return remarkable('Seen by the next answer: it does not report what it is busy with');
			}
			expectThat(await eventually(async () => (await busy()) === 0, 10_000), await busy());
			return works();
		},
	},
	{
		name: 'Server killed in mid-answer',
		async run({ place }) {
			const at = await place('never ends');
			let killed = false;
			const options = { maxRetries: 0 };
			const { answers } = await at.chat({ prompt: PROMPT, options }, undefined, ({ type }) => {
				if (type !== 'item' || killed) return;
				killed = true;
				at.endpoint.kill();
			});
			const { failure } = answers[0]!;
			expectThat(['truncated', 'network'].includes(failure?.kind ?? ''), answers[0]);
			expectThat(failure!.partialText !== '', failure);
			return works('an error with the text so far');
		},
	},
];
