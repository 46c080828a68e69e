import { afterAll, expect, test } from 'vitest';

import { collectReply, withPartialText } from '../../../providers/collectReply.ts';
import { Base64Decoder } from '../../../providers/decode/base64.ts';
import { EventDecoder } from '../../../providers/decode/events.ts';
import { LineDecoder } from '../../../providers/decode/lines.ts';
import { readServiceError } from '../../../providers/http/serviceMessage.ts';
import { readImageAnswer } from '../../../providers/image/imageAnswer.ts';
import { extractJson } from '../../../providers/json/extractJson.ts';
import { schemaFault } from '../../../providers/json/validate.ts';
import { readChatAnswer } from '../../../providers/openAiCompatible/chatAnswer.ts';
import { answerAfterThinking } from '../../../providers/thinking.ts';
import type { ProviderChunk } from '../../../providers/types.ts';
import { bytesOf } from '../../support/splits.mts';
import { type Growth, measure, table, type WorstCase } from './growth.mts';

const PIECE = 16 * 1024;

function* piecesOf(text: string, size = PIECE): Generator<Uint8Array> {
	for (let start = 0; start < text.length; start += size) {
		yield bytesOf(text.slice(start, start + size));
	}
}

function repeated(part: string): (size: number) => string {
	return (size) => part.repeat(Math.ceil(size / part.length));
}

function decode(decoder: { push(bytes: Uint8Array): unknown }): (input: string) => void {
	return (input) => {
		for (const piece of piecesOf(input)) decoder.push(piece);
	};
}

async function* bodyOf(text: string) {
	yield* piecesOf(text);
}

async function chat(text: string): Promise<void> {
	const response = { status: 200, headers: {}, body: bodyOf(text), close: () => {} };
	const chunks = withPartialText(answerAfterThinking(await readChatAnswer(response)));
	await collectReply(chunks);
}

async function image(text: string): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	const response = { status: 200, headers, body: bodyOf(text), close: () => {} };
	for await (const chunk of readImageAnswer(response, '')) {
		if (chunk.type === 'image' && chunk.image.content !== undefined) {
			for await (const bytes of chunk.image.content) void bytes;
		}
	}
}

async function think(text: string): Promise<void> {
	async function* pieces() {
		for (let start = 0; start < text.length; start += 8) {
			yield [{ type: 'text', text: text.slice(start, start + 8) } satisfies ProviderChunk];
		}
	}
	await collectReply(withPartialText(answerAfterThinking(pieces())));
}

function delta(fields: object): string {
	return `data: ${JSON.stringify({ choices: [{ delta: fields }] })}\n\n`;
}

const NUMBERS = Array.from({ length: 10_000 }, (_, index) => index);
const list = (size: number) => `[${'1,'.repeat(size / 2)}1]`;
const text = (size: number) => JSON.stringify('a'.repeat(size));
const checked = (schema: object) => (input: string) => schemaFault(JSON.parse(input), schema);

const CASES: WorstCase[] = [
	{ parser: 'lines, all empty', input: repeated('\n'), read: decode(new LineDecoder()) },
	{
		parser: 'lines, one without end',
		input: repeated('x'),
		read: (input) => decode(new LineDecoder())(input),
	},
	{
		parser: 'events of one letter',
		input: repeated('data:x\n\n'),
		read: decode(new EventDecoder()),
	},
	{
		parser: 'an event that never closes',
		input: repeated('data:\n'),
		read: (input) => decode(new EventDecoder())(input),
	},
	{
		parser: 'documents with one line feed between',
		input: repeated('data: {}\n'),
		read: (input) => decode(new EventDecoder())(input),
	},
	{
		parser: 'base64',
		input: repeated('QUJD'),
		read: (input) => decode(new Base64Decoder())(input),
	},
	{
		parser: 'base64 of spaces',
		input: repeated(' '),
		read: (input) => decode(new Base64Decoder())(input),
	},
	{
		parser: 'base64 in escapes',
		input: repeated('\\u0041'),
		read: (input) => decode(new Base64Decoder())(input),
	},
	{
		parser: 'JSON: a fence that never ends',
		input: (size) => '```' + 'a'.repeat(size),
		read: (input) => extractJson(input),
	},
	{
		parser: 'JSON: a fence of spaces',
		input: (size) => '```' + ' '.repeat(size),
		read: (input) => extractJson(input),
	},
	{ parser: 'JSON: opening braces', input: repeated('{'), read: (input) => extractJson(input) },
	{ parser: 'JSON: nested lists', input: repeated('[1,'), read: (input) => extractJson(input) },
	{
		parser: 'JSON: many values',
		input: repeated('{} '),
		read: (input) => extractJson(input, () => 'no'),
	},
	{
		parser: 'JSON: a quote after each brace',
		input: repeated('[{"'),
		read: (input) => extractJson(input),
	},
	{
		parser: 'JSON: closing tags of thinking',
		input: repeated('{</think>'),
		read: (input) => extractJson(input),
	},
	{
		parser: 'JSON: commas to mend',
		input: (size) => `x[${', '.repeat(size / 2)}]`,
		read: (input) => extractJson(input),
	},
	{
		parser: 'JSON: controls to mend',
		input: (size) => `x["${'\n'.repeat(size)}"]`,
		read: (input) => extractJson(input),
	},
	{
		parser: 'schema: a pattern that backtracks',
		input: text,
		read: checked({ pattern: '^(a+)+$' }),
	},
	{
		parser: 'schema: enum of 10,000 for each entry',
		input: list,
		read: checked({ items: { enum: NUMBERS } }),
	},
	{
		parser: 'schema: shared anyOf',
		input: list,
		read: checked({ items: { anyOf: Array.from({ length: 30 }, () => ({ type: 'string' })) } }),
	},
	{
		parser: 'schema: unique entries',
		input: (size) =>
			`[${Array.from({ length: size / 8 }, (_, index) => 1_000_000 + index).join(',')}]`,
		read: checked({ uniqueItems: true }),
	},
	{
		parser: 'image answer: links',
		input: (size) => `{"data":[${'{"url":"x"},'.repeat(size / 12)}{}]}`,
		read: image,
	},
	{
		parser: 'image answer: escaped quotes',
		input: (size) => `{"data":[{"x":"${'\\"'.repeat(size / 2)}"}]}`,
		read: image,
	},
	{
		parser: 'image answer: base64',
		input: (size) => `{"data":[{"b64_json":"${'iVBORw0KGgoA'.repeat(size / 12)}"}]}`,
		read: image,
	},
	{
		parser: 'chat stream: one letter each',
		input: (size) => repeated(delta({ content: 'x' }))(size) + 'data: [DONE]\n\n',
		read: chat,
	},
	{
		parser: 'tool calls: arguments in letters',
		input: repeated(
			delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: 'x' } }] }),
		),
		read: chat,
	},
	{
		parser: 'tool calls: a call each, of one index',
		input: (size) =>
			Array.from({ length: size / 128 }, (_, id) =>
				delta({
					tool_calls: [{ index: 0, id: `call_${id}`, function: { name: 'f', arguments: '{}' } }],
				}),
			).join(''),
		read: chat,
	},
	{
		parser: 'thinking of half tags',
		input: (size) => '<think>' + '</think'.repeat(size / 7),
		read: think,
	},
	{
		parser: 'error body: nested',
		input: repeated('{"error":'),
		read: (input) => readServiceError(input),
	},
	{
		parser: 'error body: a page',
		input: (size) => '<html>' + '<p>'.repeat(size / 3),
		read: (input) => readServiceError(input),
	},
	{
		parser: 'error body: spaces',
		input: (size) => `{"error":"${' '.repeat(size)}"}`,
		read: (input) => readServiceError(input),
	},
];

test('short strings in an image answer take no longer in one chunk than in many', async () => {
	const answer = Buffer.from(`{"data":[${'"",'.repeat(1_400_000)}""]}`);
	const time = async (size: number) => {
		const pieces = Array.from({ length: Math.ceil(answer.length / size) }, (_, index) =>
			answer.subarray(index * size, (index + 1) * size),
		);
		const start = performance.now();
		const body = (async function* () {
			yield* pieces;
		})();
		const response = { status: 200, headers: {}, body, close: () => undefined };
		await expect(Array.fromAsync(readImageAnswer(response, ''))).rejects.toThrow('too large');
		return performance.now() - start;
	};
	const inMany = await time(16 * 1024);
	// A search of the whole chunk for each string shows 15.
	expect((await time(answer.length)) / inMany).toBeLessThan(6);
});

const growths: Growth[] = [];
afterAll(() => console.log(`\n${table(growths)}\n`));

test.each(CASES)('$parser: time grows with the size, not faster', async (worst) => {
	const growth = await measure(worst);
	growths.push(growth);
	// The machine may be busy with other work: a second look decides. Larger inputs miss the caches more often,
	// so that even a plain copy shows up to 1.3; a quadratic parser shows 2.
	const { exponent } = growth.exponent <= 1.1 ? growth : await measure(worst);
	expect(exponent).toBeLessThanOrEqual(1.3);
});
