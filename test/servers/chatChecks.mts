import {
	type Check,
	expectThat,
	ignored,
	notRun,
	only,
	short,
	takenOrRefused,
	textOf,
	works,
} from './outcome.mts';

/** What one request asks of the node's Chat operation, and how its answer comes back. */
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
		name: 'Thinking kept apart',
		async run({ place }) {
			const at = await place('thinks');
			let hasAnswered = false;
			for (let seed = 1; seed <= 8; seed++) {
				const options = { seed, maxTokens: 400 };
				const { json: item, failure } = await only(at, short(options, { simplify: false }));
				// A model of random weights may think to its end: that is an error, and rightly so.
				if (failure !== undefined) expectThat(/reason|limit|empty/i.test(failure.message), failure);
				else if (String(item['reasoning'] ?? '') !== '') {
					expectThat(!String(item['text']).includes('think>'), item);
					return works();
				} else hasAnswered = true;
			}
			return hasAnswered
				? ignored('The server drops what the model thinks')
				: notRun('The tiny model never thought and answered');
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
];
