import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { bytesOf, everyCutting } from '../../test/support/splits.mts';
import { collect, streamOf } from '../../test/support/streams.mts';
import { ProviderError } from '../errors.ts';
import type { ProviderChunk } from '../types.ts';
import { checkedAnswer, readChatAnswer } from './chatAnswer.ts';

async function chunksOf(answer: MemoryAnswer): Promise<ProviderChunk[]> {
	const transport = new MemoryTransport([answer]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	const pieces = await readChatAnswer(await transport.send(request));
	return (await collect(pieces)).flat();
}

/** The answer to a body in one piece. */
async function read(body: string): Promise<ProviderChunk[]> {
	return await chunksOf({ chunks: [body] });
}

function said(content: string, finish?: string): string {
	return JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish ?? null }] });
}

function events(...data: string[]): string {
	return data.map((line) => `data: ${line}\n\n`).join('');
}

const TEXTS = [
	{ type: 'text', text: 'Hé ' },
	{ type: 'text', text: '😀' },
];
const STOP = { type: 'finish', reason: 'stop' };
const WHOLE = JSON.stringify({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] });

describe('a stream, however it is cut', () => {
	test.each([
		['with both ends', events(said('Hé '), said('😀', 'stop'), '[DONE]'), [...TEXTS, STOP]],
		['with a reason only', events(said('Hé '), said('😀', 'stop')), [...TEXTS, STOP]],
		['with [DONE] only', events(said('Hé '), said('😀'), '[DONE]'), TEXTS],
		[
			'whose last event nothing ends',
			`${events(said('Hé '))}data: ${said('😀', 'stop')}`,
			[...TEXTS, STOP],
		],
		[
			'with a mark, comments and CRLF',
			`\uFEFF: hi\r\n\r\n${events(said('Hé '), said('😀'), '[DONE]').replaceAll('\n', '\r\n')}`,
			TEXTS,
		],
	])('%s comes out', async (_form, body, chunks) => {
		for (const { name, chunks: pieces } of everyCutting(bytesOf(body))) {
			expect(await chunksOf({ chunks: pieces }), name).toEqual(chunks);
		}
	});
});

test('a completion comes out, however it is cut', async () => {
	for (const { name, chunks } of everyCutting(bytesOf(` \n${WHOLE}`))) {
		expect(await chunksOf({ chunks }), name).toEqual([{ type: 'text', text: 'Hi' }, STOP]);
	}
});

test('what comes behind [DONE] is not read as an answer', async () => {
	expect(await read(events(said('a'), '[DONE]', said('b')))).toEqual([{ type: 'text', text: 'a' }]);
});

test('the usage behind the reason is read', async () => {
	const usage = '{"choices":[],"usage":{"total_tokens":3}}';
	const chunks = await read(events(said('a', 'stop'), usage, '[DONE]'));
	expect(chunks.at(-1)).toEqual({ type: 'usage', usage: { totalTokens: 3 } });
});

describe('is truncated', () => {
	test.each([
		['without an end', events(said('a'))],
		['within an event', `${events(said('a'))}data: {"choices":[{"del`],
		['before anything came', ''],
	])('a stream that ends %s', async (_where, body) => {
		const error = await providerErrorOf(() => read(body));
		expect(error).toMatchObject({ kind: 'truncated', retryable: true });
	});

	test('not when all but its usage came', async () => {
		const chunks = await read(`${events(said('a', 'stop'))}data: {"usage":{"tot`);
		expect(chunks).toEqual([{ type: 'text', text: 'a' }, STOP]);
	});
});

test('a lost connection is told as it is', async () => {
	const lost = new ProviderError('network', 'Lost');
	const answer = { chunks: [events(said('a')), lost] };
	expect(await providerErrorOf(() => chunksOf(answer))).toBe(lost);
});

describe('broken JSON is a fault of the service', () => {
	test.each([
		['in a stream, with more behind it', events('{"choices', said('b', 'stop'))],
		['in a stream, before its end', events(said('a'), '{"choices', '[DONE]')],
		['in a completion', '{"choices":['],
	])('%s', async (_where, body) => {
		expect((await providerErrorOf(() => read(body))).kind).toBe('protocol');
	});
});

describe('an error in an answer that says success', () => {
	const ERROR = { error: { message: 'Busy, s3cret-value', code: 429 } };

	test.each([
		['as a document', JSON.stringify(ERROR)],
		['as a list', JSON.stringify([ERROR])],
		['within a stream', events(said('a'), JSON.stringify(ERROR))],
		['in a stream with fields beside it', events(JSON.stringify({ ...ERROR, choices: [] }))],
	])('%s', async (_where, body) => {
		const error = await providerErrorOf(() => read(body));
		expect(error).toMatchObject({ kind: 'http', retryable: true });
		expect(error.details).toMatchObject({ status: 429, serviceMessage: 'Busy, s3cret-value' });
	});

	test('of an old server, which calls itself one', async () => {
		const error = await providerErrorOf(() => read('{"object":"error","message":"No"}'));
		expect(error.details.serviceMessage).toBe('No');
	});

	test.each([null, false])('is none when it is %j', async (error) => {
		const answer = { error, choices: [{ message: { content: 'Hi' } }] };
		expect(await chunksOf(json(answer))).toEqual([{ type: 'text', text: 'Hi' }]);
	});
});

test.each([
	['a page', PLAIN_PAGE, 'protocol'],
	['a captcha', CAPTCHA_PAGE, 'blocked'],
])('%s is no answer', async (_what, html, kind) => {
	expect((await providerErrorOf(() => chunksOf(page(html)))).kind).toBe(kind);
});

describe('a refusal is told in the model’s words, and is no text', () => {
	function declining(refusal: string, finish: string | null = null): string {
		return JSON.stringify({ choices: [{ delta: { refusal }, finish_reason: finish }] });
	}

	test.each([
		['as a completion', declining('I will not.', 'stop')],
		['in pieces', events(declining('I will'), declining(' not.'), declining('', 'stop'), '[DONE]')],
	])('%s', async (_form, body) => {
		const error = await providerErrorOf(() => read(body));
		expect(error).toMatchObject({
			kind: 'refused',
			details: { serviceMessage: 'I will not.' },
		});
	});
});

describe('behind the end mark', () => {
	const answer = events(said('a', 'stop'), '[DONE]');

	test('nothing is of the answer any more, be it text or an error', async () => {
		const lost = new ProviderError('network', 'Lost');
		for (const rest of [events(said('b')), events('{ broken'), lost]) {
			expect(await chunksOf({ chunks: [answer, rest] })).toEqual([
				{ type: 'text', text: 'a' },
				STOP,
			]);
		}
	});

	test('a server that leaves the connection open is left', async () => {
		let isClosed = false;
		let closed = () => {};
		async function* body() {
			yield bytesOf(answer);
			await new Promise<void>((resolve) => (closed = resolve));
			throw new ProviderError('network', 'Closed');
		}
		const close = () => {
			isClosed = true;
			closed();
		};
		const response = { status: 200, headers: {}, body: body(), close };
		const pieces = await readChatAnswer(response);
		expect((await collect(pieces)).flat()).toEqual([{ type: 'text', text: 'a' }, STOP]);
		expect(isClosed).toBe(true);
	});
});

const TEXT: ProviderChunk = { type: 'text', text: 'Hi' };
const STOP_CHECKED_ANSWER: ProviderChunk = { type: 'finish', reason: 'stop' };
const CALL: ProviderChunk = { type: 'toolCall', delta: { index: 0, id: 'a', arguments: '' } };

function model(name: string): ProviderChunk {
	return { type: 'model', model: name };
}

async function checked(...chunks: Array<ProviderChunk | Error>) {
	const pieces = chunks.map((chunk) => (chunk instanceof Error ? chunk : [chunk]));
	return (await collect(checkedAnswer(streamOf(...pieces)))).flat();
}

test('the model is told once, and again when it changes', async () => {
	expect(await checked(model('a'), TEXT, model('a'), STOP_CHECKED_ANSWER, model('b'))).toEqual([
		model('a'),
		TEXT,
		STOP_CHECKED_ANSWER,
		model('b'),
	]);
});

test.each([
	[[TEXT]],
	[[CALL, STOP_CHECKED_ANSWER]],
	[[{ type: 'reasoning', text: 'Hm' } as const, TEXT]],
])('%j is an answer', async (chunks) => {
	expect(await checked(...chunks)).toEqual(chunks);
});

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
