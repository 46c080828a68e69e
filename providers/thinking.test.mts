import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { cutText } from '../test/support/splits.mts';
import { collect, streamOf } from '../test/support/streams.mts';
import { collectReply, withPartialText } from './collectReply.ts';
import { ProviderError } from './errors.ts';
import { answerAfterThinking, splitAtLoneClosing } from './thinking.ts';
import { ImageResponse, type ProviderChunk } from './types.ts';

const TEXT: ProviderChunk = { type: 'text', text: 'Hi' };
const STOP: ProviderChunk = { type: 'finish', reason: 'stop' };
const CALL: ProviderChunk = { type: 'toolCall', delta: { index: 0, id: 'a', arguments: '' } };

function model(name: string): ProviderChunk {
	return { type: 'model', model: name };
}

async function checked(...chunks: Array<ProviderChunk | Error>) {
	const pieces = chunks.map((chunk) => (chunk instanceof Error ? chunk : [chunk]));
	return (await collect(answerAfterThinking(streamOf(...pieces)))).flat();
}

test.each([[[TEXT]], [[CALL, STOP]], [[{ type: 'reasoning', text: 'Hm' } as const, TEXT]]])(
	'%j is an answer',
	async (chunks) => {
		expect(await checked(...chunks)).toEqual(chunks);
	},
);

test.each([
	['content_filter', 'refused', /content filter/],
	['length', 'refused', /token limit/],
	['stop', 'protocol', /only reasoned/],
	[undefined, 'protocol', /only reasoned/],
])('reasoning alone, ended by %j, is %j and comes with it', async (reason, kind, words) => {
	const end = reason === undefined ? [] : [{ type: 'finish' as const, reason }];
	const error = await providerErrorOf(() =>
		checked(model('m'), { type: 'reasoning', text: 'H' }, { type: 'reasoning', text: 'm' }, ...end),
	);
	expect(error.kind).toBe(kind);
	expect(error.message).toMatch(words);
	expect(error.details.partialText).toBe('Hm');
	expect(error.details.explanation).not.toContain('base URL');
});

test('nothing at all says why it ended, and does not blame the base URL', async () => {
	const error = await providerErrorOf(() => checked({ type: 'finish', reason: 'STOP' }));
	expect(error).toMatchObject({ kind: 'protocol', message: 'The model ended without an answer' });
	expect(error.details.explanation).toContain("'STOP'");
	expect(error.details.explanation).toMatch(/^Change the prompt/);
	expect(error.details.explanation).not.toContain('base URL');
});

test('an image is an answer', async () => {
	const image = { type: 'image', image: new ImageResponse(['data:,'], '') } as const;
	expect(await checked(image)).toEqual([image]);
});

test('another failure comes before the missing answer', async () => {
	const lost = new ProviderError('truncated', 'Lost');
	expect(await providerErrorOf(() => checked(model('m'), lost))).toBe(lost);
});

/** What comes of a text that arrives in these pieces. */
async function readPieces(...texts: string[]) {
	const pieces = texts.map((text): ProviderChunk[] => [{ type: 'text', text }]);
	const { text, reasoning } = await collectReply(
		withPartialText(answerAfterThinking(streamOf(...pieces))),
	);
	return { text, reasoning };
}

const ANSWERS: Array<[what: string, answer: string, reasoning: string, text: string]> = [
	['a block before the answer', '<think>Hm.</think>Yes', 'Hm.', 'Yes'],
	['white space around it', '\n <think>\nHm.\n</think>\n\nYes ', 'Hm.\n', 'Yes '],
	['an empty block', '<think>\n\n</think>\n\nYes', '', 'Yes'],
	[
		'tags inside the block',
		'<think>a < b </thin <think> c</think>Yes',
		'a < b </thin <think> c',
		'Yes',
	],
	[
		'a second block, which is text',
		'<think>a</think>b <think>c</think>',
		'a',
		'b <think>c</think>',
	],
	[
		'a block in the middle, which is text',
		'Use <think>a</think> so',
		'',
		'Use <think>a</think> so',
	],
	['a tag that only begins alike', '<thinker>a</thinker>', '', '<thinker>a</thinker>'],
	['half a tag at the end', '<thi', '', '<thi'],
	['white space first', '  Yes', '', '  Yes'],
];

describe('thinking is told apart however the answer is cut', () => {
	test.each(ANSWERS)('%s', async (_what, answer, reasoning, text) => {
		const whole = { reasoning, text };
		expect(await readPieces(answer)).toEqual(whole);
		expect(await readPieces(...answer), 'letter by letter').toEqual(whole);
		for (let position = 0; position <= answer.length; position++) {
			expect(await readPieces(...cutText(answer, [position])), `cut at ${position}`).toEqual(whole);
		}
	});
});

test('thinking is passed on as it arrives', async () => {
	const seen: ProviderChunk[][] = [];
	const pieces = ['<think>One ', 'two', '</think>Yes'].map((text): ProviderChunk[] => [
		{ type: 'text', text },
	]);
	for await (const chunks of answerAfterThinking(streamOf(...pieces))) seen.push([...chunks]);
	expect(seen).toEqual([
		[{ type: 'reasoning', text: 'One ' }],
		[{ type: 'reasoning', text: 'two' }],
		[{ type: 'text', text: 'Yes' }],
	]);
});

test('a block that nothing closes is an error with the thinking', async () => {
	const error = await providerErrorOf(() => readPieces('<think>Hm', ', well'));
	expect(error).toMatchObject({
		message: 'The model only reasoned and gave no answer',
		details: { partialText: 'Hm, well' },
	});
});

test('a block that used the token limit up says so', async () => {
	const error = await providerErrorOf(() =>
		checked({ type: 'text', text: '<think>Hm' }, { type: 'finish', reason: 'length' }),
	);
	expect(error.message).toBe('The token limit was used up before the answer began');
	expect(error.details.partialText).toBe('Hm');
});

test('what was not yet decided when an answer broke off is not lost', async () => {
	const lost = new ProviderError('truncated', 'Lost');
	const seen: ProviderChunk[] = [];
	const pieces = streamOf<ProviderChunk[]>([{ type: 'text', text: ' <th' }], lost as never);
	const error = await providerErrorOf(async () => {
		for await (const chunks of answerAfterThinking(pieces)) seen.push(...chunks);
	});
	expect(error).toBe(lost);
	expect(seen).toEqual([{ type: 'text', text: ' <th' }]);
});

test('a tool call after thinking is an answer', async () => {
	expect(await checked({ type: 'text', text: '<think>a</think>\n' }, CALL)).toEqual([
		{ type: 'reasoning', text: 'a' },
		CALL,
	]);
});

test.each([
	['on a line of its own', 'Let me see.\n</think>\n\nYes', 'Let me see.', 'Yes'],
	['at the very beginning', '</think>\n\nYes', '', 'Yes'],
])(
	'a closing tag alone %s ends the thinking of a whole answer',
	async (_where, answer, reasoning, text) => {
		expect(await readPieces(...answer)).toEqual({ reasoning, text });
	},
);

test.each([
	['in a line', 'End it with </think> as usual\nand go on'],
	['in a code block', '```\n<a>\n</think>\n```\nThat is it'],
	['with its opening tag', 'Write\n<think>\na\n</think>\nand go on'],
	['with nothing after it', 'Let me see.\n</think>\n'],
])('a closing tag %s is text', (_where, answer) => {
	expect(splitAtLoneClosing(answer)).toBeUndefined();
});
