import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { credentialType, SERVICE_NAMES } from '../shared/providers.ts';
import { AiChats } from './AiChats.node.ts';

const NODE = new AiChats();
const { description } = NODE;
const FIELDS = [
	description.properties,
	new AiChatsApi().properties,
	new AiChatsOpenAiCompatibleApi().properties,
].flatMap(withInner);
const CHOICES = FIELDS.filter(({ type }) => type === 'options').flatMap(
	({ options = [] }) => options as INodePropertyOptions[],
);
const COLLECTIONS = FIELDS.filter(({ type }) => type === 'fixedCollection').flatMap(
	({ options = [] }) => options as INodePropertyCollection[],
);

/** Fields with those inside of collections, their places in the name. Notices are sentences without a value. */
function withInner(fields: INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => {
		if (field.type === 'notice') return [];
		const options = field.options ?? [];
		if (field.type === 'collection') return [field, ...withInner(options as INodeProperties[])];
		if (field.type !== 'fixedCollection') return [field];
		const groups = options as INodePropertyCollection[];
		return [field, ...groups.flatMap(({ values }) => withInner(values))];
	});
}

function isTitleCase(name: string): boolean {
	const small = new Set([
		'a',
		'an',
		'and',
		'at',
		'by',
		'for',
		'in',
		'of',
		'on',
		'or',
		'per',
		'the',
		'to',
	]);
	const words = name.split(/[\s-]+/).map((word) => word.replace(/^\W+/, ''));
	// Some makers write the names of their servers otherwise.
	const capitalised = (word: string) => /^([A-Z0-9]|llama\.cpp$|vLLM$|xAI$)/.test(word);
	return words.every(
		(word, index) => capitalised(word) || (index > 0 && small.has(word)) || word === '',
	);
}

const DESCRIPTIONS = [
	description.description,
	...FIELDS.map((field) => field.description ?? ''),
	...FIELDS.map((field) => field.hint ?? ''),
	...CHOICES.map((choice) => choice.description ?? ''),
].filter((text, at, all) => text !== '' && all.indexOf(text) === at);

test('the walk finds the fields inside of collections', () => {
	const names = FIELDS.map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(['provider', 'content', 'nativeTurns', 'value']));
	expect(COLLECTIONS.map(({ displayName }) => displayName)).toContain('Message');
	expect(CHOICES.length).toBeGreaterThan(10);
	expect(DESCRIPTIONS.length).toBeGreaterThan(30);
});

describe('names', () => {
	test.each([...new Set([...FIELDS, ...COLLECTIONS].map(({ displayName }) => displayName))])(
		'%j is in Title Case',
		(name) => {
			expect(isTitleCase(name)).toBe(true);
		},
	);

	test.each([...new Set(CHOICES.map(({ name }) => name))])(
		'the choice %j is in Title Case',
		(name) => {
			expect(isTitleCase(name)).toBe(true);
		},
	);

	test.each(CHOICES.flatMap(({ action }) => (action === undefined ? [] : [action])))(
		'the action %j is in sentence case',
		(action) => {
			expect(action).toMatch(/^[A-Z][^A-Z.]*$/);
		},
	);
});

describe('descriptions', () => {
	test.each(DESCRIPTIONS)('%j ends as its number of sentences asks', (text) => {
		const sentences = text.split(/[.!?]\s+(?=[A-Z0-9'"])/).length;
		expect(text).toMatch(/^\S.*\S$/);
		expect(text.endsWith('.')).toBe(sentences > 1);
	});

	test.each(FIELDS.filter(({ type }) => type === 'boolean').map((field) => field.description))(
		'%j of a boolean begins with Whether',
		(text) => {
			expect(text).toMatch(/^Whether /);
		},
	);

	test.each(FIELDS.map(({ displayName, description: text }) => [displayName, text ?? '']))(
		'of %j says more than its name',
		(name, text) => {
			expect(text.toLowerCase()).not.toBe(name.toLowerCase());
		},
	);
});

test.each(
	FIELDS.filter(({ type }) => type === 'string' || type === 'json').flatMap(
		({ displayName, placeholder }) =>
			placeholder === undefined ? [] : [[displayName, placeholder] as const],
	),
)('the placeholder of %j is an example: %j', (_name, placeholder) => {
	expect(placeholder).toMatch(/^e\.g\. \S/);
});

test.each(
	FIELDS.filter(({ type }) => type === 'options').map(({ name, options = [] }) => [name, options]),
)('the choices of %j are sorted', (_name, options) => {
	const names = (options as INodePropertyOptions[]).map(({ name }) => name);
	const isSorted = names.every((name, at) => at === 0 || names[at - 1]!.localeCompare(name) <= 0);
	// Fewer than five may stand in the order in which they are thought of.
	expect(isSorted || names.length < 5).toBe(true);
});

test.each(
	FIELDS.filter(({ type }) => type === 'options').map((field) => [field.name, field] as const),
)('the default of %j is one of its choices', (_name, { options = [], default: standard }) => {
	expect((options as INodePropertyOptions[]).map(({ value }) => value)).toContain(standard);
});

test('fields are shown only by fields that there are, for values that they can have', () => {
	const rules = description.properties.flatMap(({ name, displayOptions }) =>
		Object.entries({ ...displayOptions?.show, ...displayOptions?.hide }).flatMap(
			([field, values]) => (values ?? []).map((value) => ({ name, field, value })),
		),
	);
	expect(rules.length).toBeGreaterThan(0);
	for (const { name, field, value } of rules) {
		// n8n's own: whether the node is an agent's tool.
		if (field === '@tool') continue;
		const known = description.properties.filter((property) => property.name === field);
		const choices = known.flatMap(({ options = [] }) => options as INodePropertyOptions[]);
		expect(
			choices.map((choice) => choice.value),
			`${name} by ${field}`,
		).toContain(value);
	}
});

test('no two fields of one name are shown at once', () => {
	for (const operation of ['chat', 'image']) {
		for (const provider of ['aiChats', 'openAiCompatible', 'connectedModel']) {
			const names = description.properties
				.filter(({ displayOptions }) => {
					const show = displayOptions?.show ?? {};
					const fits = (field: string, value: string) => (show[field] ?? [value]).includes(value);
					return fits('operation', operation) && fits('provider', provider);
				})
				.map(({ name }) => name);
			expect(names.length, `${operation} ${provider}`).toBe(new Set(names).size);
		}
	}
});

test('credentials of the node are those of the package, by names that show where they are asked for', () => {
	const known = SERVICE_NAMES.map(credentialType);
	expect(description.credentials?.map(({ name }) => name)).toEqual(known);
});

test('the methods that fields name are there', () => {
	const named = FIELDS.flatMap(({ modes = [] }) =>
		modes.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []),
	);
	expect(new Set(named)).toEqual(new Set(Object.keys(NODE.methods.listSearch)));
});

test.each(
	FIELDS.filter(({ name }) => /secret|key$|password|^proxyUrl$/i.test(name)).map(
		(f) => [f.name, f] as const,
	),
)('%j is hidden while it is typed', (_name, { typeOptions }) => {
	expect(typeOptions?.password).toBe(true);
});
