import { answerError } from '../../providers/http/serviceErrors.ts';
import { balancedEnd, extractJson } from '../../providers/json/extractJson.ts';
import { readStructured } from '../../providers/json/structuredReply.ts';
import { checkSchema } from '../../providers/json/validate.ts';
import { splitAtLoneClosing } from '../../providers/thinking.ts';
import { splitImages } from '../../providers/image/markdownImages.ts';
import { decodeDataUrl } from '../../providers/image/openImage.ts';
import { redactor } from '../../transport/redact.ts';
import type { WorstCase } from './growth.mts';

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE * KILOBYTE;

function repeated(part: string): (size: number) => string {
	return (size) => part.repeat(Math.ceil(size / part.length));
}

function around(before: string, part: string, after: string): (size: number) => string {
	return (size) => before + repeated(part)(size) + after;
}

/** A case whose input is a text that is there as a whole. */
function whole(
	parser: string,
	text: (size: number) => string,
	read: (text: string) => unknown,
	limit?: number,
): WorstCase {
	const prepare = (size: number) => {
		// Flat: a text that is a tree of its parts would be put together when it is first read.
		const input = Buffer.from(text(size)).toString();
		return () => void read(input);
	};
	return { parser, prepare, ...(limit === undefined ? {} : { limit }) };
}

/** The last value in a text that fits: none does, so that all of them are looked at. */
const json = (text: string) => extractJson(text, () => 'no');

/** A check of a value. Where its budget of steps is used up, it says so: then it took the limit. */
function checked(
	parser: string,
	schema: object,
	value: (size: number) => unknown,
	limit?: number,
): WorstCase {
	const prepare = (size: number) => {
		const input = value(size);
		return () => {
			const { fault, unchecked } = checkSchema(input, schema);
			if (fault !== undefined) throw new Error(`The value has a fault: ${fault}`);
			return unchecked.length === 0 ? 1 : (limit ?? 0) / size;
		};
	};
	return { parser, prepare, ...(limit === undefined ? {} : { limit }) };
}

const NUMBERS = Array.from({ length: 10_000 }, (_, index) => index);
/** Each length or pattern costs a step for 16 characters, and there are a hundred of them. */
const BUDGET = 780_000;
const HUNDRED = NUMBERS.slice(0, 100);
const ones = (size: number) => new Array<number>(Math.floor(size / 2)).fill(1);
const letters = (size: number) => 'a'.repeat(size);
const different = (size: number) =>
	Array.from({ length: size / 8 }, (_, index) => 1_000_000 + index);
const words = (size: number) => different(size).map((number) => `${number}`);
const objects = (size: number) =>
	Array.from({ length: size / 16 }, (_, index) => ({ b: index, a: 1 }));

const error = (text: string) =>
	answerError(
		{ status: 400, headers: {}, body: (async function* () {})(), close: () => undefined },
		text,
	);
const markdown = (text: string) => splitImages(text, /^http/);
const redact = redactor({ apiKey: 'sk-0123456789abcdefghij' }, ['apiKey']);

export const TEXTS: WorstCase[] = [
	whole('JSON: a fence that never ends', around('```', 'a', ''), json),
	whole('JSON: a fence of spaces', around('```', ' ', ''), json),
	whole('JSON: backquotes', repeated('`'), json),
	whole('JSON: opening braces', repeated('{'), json),
	whole('JSON: a string that never ends, of escapes', around('{"', '\\"', ''), json),
	whole('JSON: many values', repeated('{} '), json),
	whole(
		'JSON: many values, nested 400 levels',
		// Four times the size: the last hundred are parsed, at the same cost whatever comes before them.
		(size) => repeated(`${'['.repeat(400)}${']'.repeat(400)} `)(4 * size),
		json,
	),
	whole(
		'JSON: a hundred values to mend',
		(size) => `[x${','.repeat(size / 100)}] `.repeat(100),
		json,
	),
	whole('JSON: ends of thinking', repeated('</think>{}'), json),
	whole(
		'JSON: a quote in the thinking and one after it',
		(size) => `x ["${'a'.repeat(size / 2)}</think> x ["${'a'.repeat(size / 2)}`,
		json,
	),
	whole('JSON: commas to mend', around('x[', ', ', ']'), json),
	whole('JSON: controls to mend', around('x["', '\n', '"]'), json),
	whole('JSON: controls and letters to mend', around('x["', '\na', '"]'), json),
	whole('JSON: encoded twice', (size) => JSON.stringify(JSON.stringify(ones(size))), json),
	whole(
		'JSON: an object that is checked',
		(size) => JSON.stringify(objects(size)),
		(text) => readStructured(text, { type: 'json_object' }),
	),
	whole('Markdown: images that do not end', around('', '![](http', ' x)'), markdown),
	whole('Markdown: images in one another', around('', '![](http', ')'), markdown),
	whole('Markdown: titles that do not end', around('', '![](<http> (', ''), markdown),
	whole('Markdown: parentheses', around('![](http', '(', ''), markdown),
	checked('schema: a pattern that backtracks', { pattern: '^(a+)+$' }, letters, 250_000),
	checked(
		'schema: a hundred patterns',
		{ allOf: HUNDRED.map(() => ({ pattern: '^[a-z]*.' })) },
		letters,
		BUDGET,
	),
	checked(
		'schema: lengths in a hundred branches',
		{ allOf: HUNDRED.map((minLength) => ({ minLength })) },
		letters,
		BUDGET,
	),
	checked('schema: enum of 10,000 for each entry', { items: { enum: NUMBERS } }, ones, 5_000_000),
	checked(
		'schema: the last of 30 branches',
		{ items: { anyOf: [...HUNDRED.slice(0, 29).map((n) => ({ const: -n - 1 })), { const: 1 }] } },
		ones,
		160_000,
	),
	checked(
		'schema: the last of 30 branches, for objects',
		{
			items: {
				anyOf: [...HUNDRED.slice(0, 29).map((n) => ({ required: [`x${n}`] })), { required: ['a'] }],
			},
		},
		objects,
		1_300_000,
	),
	checked('schema: unique numbers', { uniqueItems: true }, different),
	checked('schema: unique texts', { uniqueItems: true }, words, 95_000),
	checked('schema: unique objects', { uniqueItems: true }, objects),
	whole(
		'thinking: a closing tag in the middle of a line',
		repeated('\n</think> x'),
		splitAtLoneClosing,
	),
	whole('thinking: spaces after a closing tag', around('\n</think>', ' ', 'x'), splitAtLoneClosing),
	whole('error body: nested', repeated('{"error":'), error, MEGABYTE),
	whole('error body: words of models', around('{"error":"', 'model ', '"}'), error, 64 * KILOBYTE),
	whole(
		'error body: digits after "retry in"',
		around('{"error":"retry in ', '1', '"}'),
		error,
		64 * KILOBYTE,
	),
	whole(
		'error body: a delay of many parts',
		around('{"error":{"details":[{"retryDelay":"', '1s', 'x"}]}}'),
		error,
		MEGABYTE,
	),
	whole('error body: a page', around('<html>', 'just a momen <p ', ''), error),
	whole('error body: comments before a page', around('<!--', '--> ', ''), error),
	whole('redaction: beginnings of the key', repeated('sk-0123'), redact),
	whole('redaction: the key', repeated('sk-0123456789abcdefghij '), redact),
	whole('redaction: escapes of escapes', repeated('\\\\\\\\u005cu0073'), redact),
	whole('data: URL of percent signs', around('data:image/png,', '%41', ''), decodeDataUrl),
	whole('brackets', around('[', '[]', ']'), (text) => balancedEnd(text, 0)),
];
