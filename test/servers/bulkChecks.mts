import { eventually } from '../../dev/servers/recipe.mts';
import { NODE } from '../engine/support.mts';
import { Front } from './Front.mts';
import {
	type Check,
	expectThat,
	ignored,
	notRun,
	only,
	type Outcome,
	PROMPT,
	refused,
	remarkable,
	short,
	textOf,
	works,
} from './outcome.mts';
import { type Answer, Place } from './Place.mts';

const ROWS = Array.from({ length: 30 }, (_, index) => ({
	json: { index, group: index % 10 },
	binary: { photo: { data: 'cGhvdG8=', mimeType: 'image/png', fileName: `${index}.png` } },
}));
/** One after the other: not every server answers several at once. */
const ONE_BY_ONE = { parallelRequests: 1, maxRetries: 0, maxTokens: 8, imageFields: '' };
const UNKNOWN_MODEL = { model: { __rl: true, mode: 'id', value: 'no-such-model' } };

/** Runs the rows through a front that counts. */
async function counted(
	at: Place,
	parameters: Parameters<Place['chat']>[0],
	apiKey = at.endpoint.apiKey,
): Promise<{ answers: Answer[]; run: Awaited<ReturnType<Place['chat']>>['run']; asked: number }> {
	const front = await Front.open({ ...at.endpoint, apiKey });
	const place = await Place.open(front.endpoint);
	try {
		const { answers, run } = await place.chat(parameters, ROWS);
		const order = run.items(NODE).map(({ pairedItem }) => pairedItem);
		expectThat(JSON.stringify(order) === JSON.stringify(ROWS.map((_, item) => ({ item }))), order);
		return { answers, run, asked: front.count('/chat/completions') };
	} finally {
		await place.close();
		await front.close();
	}
}

/** How many items came out unsent, at the end of the run. @throws Error where any of these was sent */
function unsent(answers: readonly Answer[]): number {
	const first = answers.findIndex(({ failure }) => failure?.kind === 'limit');
	const rest = first < 0 ? [] : answers.slice(first);
	for (const { json, failure } of rest) {
		const { attempts } = json['errorDetails'] as { attempts: number };
		expectThat(failure?.kind === 'limit' && attempts === 0 && 'index' in json, json);
	}
	return rest.length;
}

async function tokenLimit(at: Place): Promise<Outcome> {
	const limit = 120;
	const { answers, asked } = await counted(at, {
		...short(ONE_BY_ONE),
		limits: { tokens: limit },
	});
	const sent = answers.slice(0, answers.length - unsent(answers));
	for (const answer of sent) textOf(answer);
	expectThat(asked === sent.length, { asked, sent: sent.length });
	const used = sent.map(({ json }) => {
		const usage = json['usage'] as { totalTokens?: number } | undefined;
		return usage?.totalTokens;
	});
	if (used.every((tokens) => tokens === undefined)) {
		expectThat(sent.length === 3, sent.length);
		return ignored('The server reports no usage; the run ends and says so');
	}
	const total = (counts: typeof used) => counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
	expectThat(total(used) >= limit && total(used.slice(0, -1)) < limit, used);
	return works(`${sent.length} of 30 were sent`);
}

/** What every item would meet ends the run: an unknown model, or a wrong key where any name is taken. */
async function failuresInRow(at: Place): Promise<Outcome> {
	const settings = { ...short(ONE_BY_ONE), limits: { failuresInRow: 3 } };
	let [cause, needed] = ['unknown model', 3];
	let found = await counted(at, { ...settings, ...UNKNOWN_MODEL });
	const isNamed = (answer: Answer) => /404|model/.test(answer.failure?.description ?? '');
	if (!found.answers.every(isNamed)) {
		if (at.endpoint.apiKey === '') return notRun('The server takes any model and any key');
		cause = 'wrong key';
		found = await counted(at, settings, 'wrong');
		// One is enough, unless a firewall may have said it: no other item can have a right one.
		needed = /Status: 401/.test(found.answers[0]?.failure?.description ?? '') ? 1 : 3;
	}
	const failed = found.answers.filter(({ failure }) => failure?.kind === 'http').length;
	const ended = unsent(found.answers);
	expectThat(found.asked === needed && failed === needed && ended === 30 - needed, {
		cause,
		asked: found.asked,
		failed,
		ended,
	});
	return works(cause);
}

/** Whole runs over many items. The last one ends a server. */
export const bulkChecks: Check[] = [
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
		name: 'Include Other Input Fields, 30 items',
		async run({ place }) {
			const options = { ...ONE_BY_ONE, answerField: 'answer' };
			const parameters = { ...short(options), includeOtherFields: true };
			const { answers, run } = await counted(await place('answers'), parameters);
			for (const [index, { json, binary }] of run.items(NODE).entries()) {
				textOf(answers[index]!);
				const { answer, ...row } = json as { answer?: { text?: string } };
				expectThat(JSON.stringify(row) === JSON.stringify(ROWS[index]!.json), json);
				expectThat(answer?.text !== undefined, json);
				expectThat(binary?.['photo']?.fileName === `${index}.png`, binary);
			}
			return works();
		},
	},
	{
		name: 'Answer Repeated Rows Once',
		async run({ place }) {
			const options = { ...ONE_BY_ONE, answerRepeatsOnce: true };
			const prompt = '={{ "Say " + $json.group }}';
			const { answers, asked } = await counted(await place('answers'), { prompt, options });
			expectThat(asked === 10, asked);
			for (const [index, answer] of answers.entries()) {
				const first = index < 10 ? undefined : index % 10;
				expectThat(answer.json['repeatOf'] === first, answer);
				expectThat(textOf(answer) === textOf(answers[index % 10]!), answer);
			}
			return works('10 of 30 reach the server');
		},
	},
	{ name: 'Limit: Tokens', run: async ({ place }) => await tokenLimit(await place('answers')) },
	{
		name: 'Limit: Failures in a Row',
		run: async ({ place }) => await failuresInRow(await place('answers')),
	},
	{
		name: 'Fallback Models',
		async run({ place }) {
			const at = await place('answers');
			const options = { ...ONE_BY_ONE, fallbackModels: at.endpoint.model };
			const { answers, asked } = await counted(at, { ...short(options), ...UNKNOWN_MODEL });
			for (const answer of answers) textOf(answer);
			const fallen = answers.filter(({ json }) => 'fallbackFrom' in json).length;
			if (fallen === 0) return notRun('Any name is taken: it serves one model');
			// After three failures in a row a model rests, and is asked no more.
			expectThat(fallen === 30 && asked === 33, { fallen, asked });
			return works('the unknown model is asked for three times');
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
