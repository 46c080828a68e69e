import { expect, test } from 'vitest';

import type { ProviderChunk } from '../../../../providers/chunks.ts';
import { ProviderError } from '../../../../providers/errors.ts';
import { checkedAnswer } from '../../../../providers/openAiCompatible/checkedAnswer.ts';
import { providerErrorOf } from '../../../support/failure.mts';
import { collect, streamOf } from '../../../support/streams.mts';

const TEXT: ProviderChunk = { type: 'text', text: 'Hi' };
const STOP: ProviderChunk = { type: 'finish', reason: 'stop' };
const CALL: ProviderChunk = { type: 'toolCall', delta: { index: 0, id: 'a', arguments: '' } };

function model(name: string): ProviderChunk {
	return { type: 'model', model: name };
}

async function checked(...chunks: Array<ProviderChunk | Error>) {
	const pieces = chunks.map((chunk) => (chunk instanceof Error ? chunk : [chunk]));
	return (await collect(checkedAnswer(streamOf(...pieces)))).flat();
}

test('the model is told once, and again when it changes', async () => {
	expect(await checked(model('a'), TEXT, model('a'), STOP, model('b'))).toEqual([
		model('a'),
		TEXT,
		STOP,
		model('b'),
	]);
});

test.each([[[TEXT]], [[CALL, STOP]], [[{ type: 'reasoning', text: 'Hm' } as const, TEXT]]])(
	'%j is an answer',
	async (chunks) => {
		expect(await checked(...chunks)).toEqual(chunks);
	},
);

test.each([
	['content_filter', 'refused', /content filter/],
	['length', 'refused', /token limit/],
	['stop', 'protocol', /empty answer/],
	[undefined, 'protocol', /empty answer/],
])('nothing said, ended by %j, is %j', async (reason, kind, words) => {
	const end = reason === undefined ? [] : [{ type: 'finish' as const, reason }];
	const error = await providerErrorOf(() =>
		checked(model('m'), { type: 'reasoning', text: 'Hm' }, ...end),
	);
	expect(error.kind).toBe(kind);
	expect(error.message).toMatch(words);
});

test('another failure comes before the missing answer', async () => {
	const lost = new ProviderError('truncated', 'Lost');
	expect(await providerErrorOf(() => checked(model('m'), lost))).toBe(lost);
});
