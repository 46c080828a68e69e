import type { INodeParameters } from 'n8n-workflow';

import {
	type Check,
	expectThat,
	ignored,
	only,
	type Outcome,
	refused,
	short,
	works,
} from './outcome.mts';
import type { Answer, Place } from './Place.mts';

const SCHEMA = {
	type: 'object',
	properties: { title: { type: 'string', maxLength: 20 }, count: { type: 'integer' } },
	required: ['title', 'count'],
	additionalProperties: false,
};
const CLASSES = ['Red', 'Blue', 'Kite in the wind'];
const COLUMNS = [
	{ name: 'urgent', type: 'boolean' },
	{ name: 'day', type: 'date' },
	{ name: 'count', type: 'integer', allowEmpty: true },
];
const NO_JSON = 'The answer is not JSON; the item fails and says so';

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
	return ignored(NO_JSON);
}

/** An object that matches a schema. */
export async function jsonBySchema(place: Place): Promise<Outcome> {
	return await json(place, {
		responseFormat: 'schema',
		jsonSchema: JSON.stringify(SCHEMA),
	});
}

/** Asks for an answer in a form of many items, each with a prompt of its own. */
async function form(
	place: Place,
	format: object,
	isRight: (output: unknown) => boolean,
): Promise<Outcome> {
	const items = Array.from({ length: 10 }, (_, index) => ({ json: { index } }));
	const prompt = '={{ "Tell me of wind " + $json.index }}';
	// One after the other: not every server answers several at once.
	const options = { maxTokens: 200, parallelRequests: 1 };
	const { answers } = await place.chat({ prompt, options, ...format } as INodeParameters, items);
	expectThat(answers.length === items.length, answers);
	for (const answer of answers) checkForm(answer, isRight);
	const failed = answers.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
	const refusal = failed.find(({ kind }) => kind === 'http');
	if (refusal !== undefined) return refused(refusal.description);
	return failed.length === 0 ? works() : ignored(NO_JSON);
}

/** What comes out is of the form, or else an error that shows what the model wrote. */
function checkForm({ json: item, failure }: Answer, isRight: (output: unknown) => boolean): void {
	if (failure === undefined) expectThat(isRight(item['output']), item);
	else if (failure.kind === 'http') expectThat(failure.description !== '', failure);
	else expectThat(/JSON|limit/.test(failure.message) && failure.partialText !== '', failure);
}

function isRow(output: unknown): boolean {
	const { urgent, day, count, ...rest } = output as Record<string, unknown>;
	const isDay = /^\d{4}-\d\d-\d\d$/.test(String(day));
	const isCount = count === null || Number.isInteger(count);
	return typeof urgent === 'boolean' && isDay && isCount && Object.keys(rest).length === 0;
}

/** Answers that are data. */
export const formatChecks: Check[] = [
	{
		name: 'JSON Object',
		run: async ({ place }) => await json(await place('answers'), { responseFormat: 'object' }),
	},
	{
		name: 'JSON by Schema',
		run: async ({ place }) => await jsonBySchema(await place('answers')),
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
		name: 'One of a List',
		async run({ place }) {
			const choices = { values: CLASSES.map((name) => ({ name, when: 'It is said' })) };
			const format = { responseFormat: 'choices', choices };
			return await form(await place('answers'), format, (output) =>
				CLASSES.includes(String(output)),
			);
		},
	},
	{
		name: 'Columns',
		async run({ place }) {
			const format = { responseFormat: 'columns', columns: { values: COLUMNS } };
			return await form(await place('answers'), format, isRow);
		},
	},
];
