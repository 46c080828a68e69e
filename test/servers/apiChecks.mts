import { NODE, node } from '../engine/support.mts';
import { Front } from './Front.mts';
import { jsonBySchema } from './formatChecks.mts';
import { twoTurns } from './modelChecks.mts';
import {
	type Check,
	expectThat,
	ignored,
	only,
	type Outcome,
	refused,
	remarkable,
	short,
	takenOrRefused,
	textOf,
	works,
} from './outcome.mts';
import { Place } from './Place.mts';

/** As OpenAI says it. */
const ONLY_RESPONSES =
	'This model is only supported in v1/responses and not in v1/chat/completions.';

/** Asks a server whose chat completions say that the model exists only under `/responses`. */
async function inResponses(at: Place, use: (at: Place) => Promise<Outcome>): Promise<Outcome> {
	const front = await Front.open(at.endpoint, (path) =>
		path.endsWith('/chat/completions') ? { status: 404, message: ONLY_RESPONSES } : undefined,
	);
	const place = await Place.open(front.endpoint);
	try {
		const answer = await only(place, short());
		// The refusal leads there, and what the server says of it is what the user reads.
		expectThat(front.count('/responses') > 0, front.asked);
		if (answer.failure !== undefined) return takenOrRefused(answer, '');
		return await use(place);
	} finally {
		await place.close();
		await front.close();
	}
}

async function textInResponses(at: Place): Promise<Outcome> {
	const pieces: string[] = [];
	const { answers } = await at.chat(short(), undefined, (chunk) => {
		if (chunk.type === 'item') pieces.push(chunk.content ?? '');
	});
	const [answer] = answers;
	expectThat(pieces.length > 1 && pieces.join('') === textOf(answer!), { pieces, answer });
	const usage = answer!.json['usage'] as Record<string, number> | undefined;
	expectThat(answer!.json['finishReason'] !== null, answer);
	if (usage === undefined) return ignored('The server reports no usage');
	expectThat(usage['promptTokens']! > 0 && usage['completionTokens']! > 0, usage);
	return works(`${pieces.length} fragments`);
}

/** Image says that there is no endpoint for images, or what the server says of it. */
async function imageOperation(at: Place): Promise<Outcome> {
	const { answers, run } = await at.chat({ operation: 'image', prompt: 'a kite' });
	const [item] = run.items(NODE);
	const { failure } = answers[0]!;
	expectThat(answers.length === 1 && failure !== undefined && item?.binary === undefined, item);
	expectThat(/image/i.test(failure!.message) || failure!.kind === 'http', failure);
	const { kind, message, description } = failure!;
	// Of the text that it wrote instead, nothing is worth telling.
	const isText = message.includes('text instead of an image');
	if (isText) return refused('It answers with text; the item fails and says so');
	return refused(kind === 'http' ? description : message);
}

/** Our Chat Model as the connected model of our node: many items through n8n's adapter and back. */
async function connectedModel(at: Place): Promise<Outcome> {
	const failed = await failuresOfConnected(at, 5);
	if (failed.length === 0) return works('all, in order');
	// llama-cpp-python ends an answer when the next request comes.
	const dropped = /interrupted the answer|sent an empty answer/;
	expectThat(
		failed.every((message) => dropped.test(message)),
		failed,
	);
	const oneByOne = await failuresOfConnected(at, 1);
	expectThat(oneByOne.length === 0, oneByOne);
	return remarkable('One after the other: it drops an answer when the next request comes');
}

async function failuresOfConnected(at: Place, parallelRequests: number): Promise<string[]> {
	const items = Array.from({ length: 10 }, (_, index) => ({ json: { index } }));
	const parameters = {
		provider: 'connectedModel',
		operation: 'chat',
		prompt: '={{ "Say " + $json.index }}',
		options: { parallelRequests },
	};
	const root = node(NODE, 'n8n-nodes-aichats.aiChats', parameters);
	const workflow = at.withModel({ maxTokens: 8 }, { ...root, onError: 'continueRegularOutput' });
	const run = await at.engine.run(workflow, { input: items });
	const found = run.items(NODE);
	const order = found.map(({ pairedItem }) => pairedItem);
	expectThat(JSON.stringify(order) === JSON.stringify(items.map((_, item) => ({ item }))), order);
	const failed = found.filter(({ json }) => typeof json['error'] === 'string');
	const answered = found.filter((item) => !failed.includes(item));
	for (const { json } of answered) {
		expectThat(json['text'] !== '' && json['model'] === at.endpoint.model, json);
	}
	return failed.map(({ json }) => String(json['error']));
}

/** What the node asks for besides the text of chat completions. */
export const apiChecks: Check[] = [
	{
		name: 'Responses API: text, streaming, usage',
		run: async ({ place }) => await inResponses(await place('answers'), textInResponses),
	},
	{
		name: 'Responses API: JSON by Schema',
		run: async ({ place }) => await inResponses(await place('answers'), jsonBySchema),
	},
	{
		name: 'Responses API: two turns with a tool',
		run: async ({ place }) => await inResponses(await place('calls tools'), twoTurns),
	},
	{
		name: 'Web Search',
		async run({ place }) {
			const { answers, run } = await (await place('answers')).chat(short({ webSearch: true }));
			if (answers[0]!.failure !== undefined) return takenOrRefused(answers[0]!, '');
			const hints = run.hints(NODE).map(({ message }) => message);
			expectThat(
				hints.some((hint) => hint.includes('names no sources')),
				hints,
			);
			return ignored('The server searches nothing; a hint says so');
		},
	},
	{
		name: 'Image: no such endpoint',
		run: async ({ place }) => await imageOperation(await place('answers')),
	},
	{
		name: 'Connected Chat Model, 10 items',
		run: async ({ place }) => await connectedModel(await place('answers')),
	},
];
