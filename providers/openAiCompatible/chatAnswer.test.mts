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
import { collect, streamOf, watched } from '../../test/support/streams.mts';
import { ProviderError } from '../errors.ts';
import type { ProviderChunk } from '../types.ts';
import { readChatAnswer } from './chatAnswer.ts';

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

const NO_REASON = { type: 'note', text: expect.stringContaining('did not say why') };
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
		['with [DONE] only', events(said('Hé '), said('😀'), '[DONE]'), [...TEXTS, NO_REASON]],
		[
			'whose last event nothing ends',
			`${events(said('Hé '))}data: ${said('😀', 'stop')}`,
			[...TEXTS, STOP],
		],
		[
			'with a mark, comments and CRLF',
			`\uFEFF: hi\r\n\r\n${events(said('Hé '), said('😀'), '[DONE]').replaceAll('\n', '\r\n')}`,
			[...TEXTS, NO_REASON],
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
	expect(await read(events(said('a'), '[DONE]', said('b')))).toEqual([
		{ type: 'text', text: 'a' },
		NO_REASON,
	]);
});

test('an end mark alone is an interruption where the server has said before why an answer ended', async () => {
	const habits = { tellsReason: false };
	const readAt = async (body: string) => {
		const transport = new MemoryTransport([{ chunks: [bytesOf(body)] }]);
		const request = {
			method: 'POST',
			url: 'https://a/',
			headers: {},
			authenticated: true,
		} as const;
		const pieces = await readChatAnswer(await transport.send(request), { habits });
		return (await collect(pieces)).flat();
	};
	const interrupted = events(said('a'), '[DONE]');
	expect(await readAt(interrupted)).toEqual([{ type: 'text', text: 'a' }, NO_REASON]);
	await readAt(events(said('b', 'stop'), '[DONE]'));
	const error = await providerErrorOf(() => readAt(interrupted));
	expect(error).toMatchObject({ kind: 'truncated', message: 'The server interrupted the answer' });
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

	test.each([null, false, '', 0, {}, []])('is none when it is %j', async (error) => {
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

/** A stream of these texts, and then whatever the server does. */
function open(text: string, ...rest: Array<string | Error | undefined>) {
	const state = { isClosed: false };
	let closed = () => {};
	async function* body() {
		yield bytesOf(text);
		for (const part of rest) {
			if (part instanceof Error) throw part;
			if (part !== undefined) yield bytesOf(part);
			else await new Promise<void>((resolve) => (closed = resolve));
		}
	}
	const close = () => {
		state.isClosed = true;
		closed();
	};
	return { state, response: { status: 200, headers: {}, body: body(), close } };
}

async function chunksFrom({ response }: ReturnType<typeof open>): Promise<ProviderChunk[]> {
	return (await collect(await readChatAnswer(response))).flat();
}

describe('after the reason for its end, an answer is taken', () => {
	const WHOLE_TEXT = events(said('a'), said('', 'stop'));
	const TEXT_AND_STOP = [{ type: 'text', text: 'a' }, STOP];

	test.each<[string, Array<string | Error | undefined>]>([
		['breaks', [new ProviderError('truncated', 'The answer broke off')]],
		['times out', [new ProviderError('timeout', 'No data')]],
		['stays open', [undefined]],
		['sends only comments', [...Array.from({ length: 50 }, () => ': ping\n\n'), undefined]],
		['sends only empty events', Array.from({ length: 100 }, () => 'data: {}\n\n')],
		['sends an error', [events('{"error":{"message":"Late"}}')]],
		['sends broken JSON', [events('{ broken', '{}')]],
	])('though the connection %s', async (_what, rest) => {
		const source = open(WHOLE_TEXT, ...rest);
		expect(await chunksFrom(source)).toEqual(TEXT_AND_STOP);
		expect(source.state.isClosed).toBe(true);
	});

	test('with the usage that follows', async () => {
		const usage = events('{"choices":[],"usage":{"total_tokens":3}}');
		expect(await chunksFrom(open(WHOLE_TEXT, usage, undefined))).toEqual([
			...TEXT_AND_STOP,
			{ type: 'usage', usage: { totalTokens: 3 } },
		]);
	});

	test('but not when the execution is stopped', async () => {
		const stopped = new ProviderError('aborted', 'Stopped');
		expect(await providerErrorOf(() => chunksFrom(open(WHOLE_TEXT, stopped)))).toBe(stopped);
	});
});

test('a reason with every piece of text is no end: a connection that breaks is an error', async () => {
	const piece = events(said('a', 'stop'), said('b', 'stop'));
	const lost = new ProviderError('truncated', 'The answer broke off');
	expect(await providerErrorOf(() => chunksFrom(open(piece, lost)))).toBe(lost);
	expect(
		(await chunksFrom(open(piece, events(said('c', 'stop'))))).filter(
			({ type }) => type === 'text',
		),
	).toHaveLength(3);
});

describe('a failure in mid-stream is an error with the text before it, however it is cut', () => {
	const HALF = events(said('Half'));

	test.each([
		['an error field', 'error: {"code":500,"message":"Context is full"}\n\n', 'Context is full'],
		[
			'an event called error',
			'event: error\ndata: {"code":"x","message":"Overloaded"}\n\n',
			'Overloaded',
		],
		['an event called error with plain text', 'event: error\ndata: Overloaded\n\n', 'Overloaded'],
		['an event whose name ends so', 'event: response.error\ndata: {"message":"No"}\n\n', 'No'],
		['a bare line', '{"error":"unexpected EOF"}\n\n', 'unexpected EOF'],
		['a message without choices', events('{"choices":[],"code":503,"message":"Busy"}'), 'Busy'],
		['a detail without choices', events('{"detail":"Gone"}'), 'Gone'],
		[
			'an error of the choice',
			events(
				'{"choices":[{"delta":{"content":""},"error":{"message":"Idle"},"finish_reason":"error"}]}',
			),
			'Idle',
		],
		['the object error', events('{"object":"error","message":"Failed"}'), 'Failed'],
	])('%s', async (_form, failure, words) => {
		const body = `${HALF}${failure}${events('[DONE]')}`;
		for (const { name, chunks } of everyCutting(bytesOf(body))) {
			const seen: ProviderChunk[] = [];
			const error = await providerErrorOf(async () => {
				for await (const piece of await readChatAnswer({
					status: 200,
					headers: {},
					body: streamOf(...chunks),
					close: () => {},
				}))
					seen.push(...piece);
			});
			expect(error.details.serviceMessage, name).toBe(words);
			expect(seen, name).toEqual([{ type: 'text', text: 'Half' }]);
		}
	});

	test.each(['error', 'abort', 'network_error', 'insufficient_system_resource'])(
		'the reason %j',
		async (reason) => {
			const error = await providerErrorOf(() => read(events(said('Half', reason), '[DONE]')));
			expect(error).toMatchObject({
				kind: 'truncated',
				message: 'The service broke the answer off',
			});
			expect(error.details.explanation).toContain(`'${reason}'`);
		},
	);
});

test('a refusal without end is an error before it fills the memory', async () => {
	const piece = events(JSON.stringify({ choices: [{ delta: { refusal: 'x'.repeat(10_000) } }] }));
	const { state, stream } = watched(...Array.from({ length: 100 }, () => bytesOf(piece)));
	const response = { status: 200, headers: {}, body: stream, close: () => {} };
	const error = await providerErrorOf(async () => collect(await readChatAnswer(response)));
	expect(error.message).toBe('The model declined to answer');
	expect(state.taken).toBeLessThan(20);
});

test('a ping with any data is passed over', async () => {
	const body = `event: ping\ndata: 12:30\n\n${events(said('a', 'stop'), '[DONE]')}`;
	expect(await read(body)).toEqual([{ type: 'text', text: 'a' }, STOP]);
});

test('a named event with a completion is read', async () => {
	expect(await read(`event: completion\ndata: ${said('a', 'stop')}\n\n`)).toEqual([
		{ type: 'text', text: 'a' },
		STOP,
	]);
});

describe('what came in place of an answer is quoted', () => {
	test.each([
		['plain text', 'Too many requests, please slow down.', 'Too many requests, please slow down.'],
		['a message', '{"message":"Quota"}', 'Quota'],
		['another protocol', '{"message":{"content":"Hi"},"done":true}', '"done":true'],
		['no choices', '{"id":"job-7","status":"IN_QUEUE"}', 'IN_QUEUE'],
		['empty choices', '{"choices":null,"id":"job-7"}', 'job-7'],
		['an event without choices', events('{"id":"job-7"}', '[DONE]'), 'job-7'],
	])('%s', async (_form, body, words) => {
		for (const { name, chunks } of everyCutting(bytesOf(body))) {
			const error = await providerErrorOf(() => chunksOf({ chunks }));
			expect(error.details.serviceMessage, name).toContain(words);
		}
	});
});

describe('tool calls that cannot be used are an error', () => {
	const call = (args: string, finish: string) =>
		JSON.stringify({
			choices: [
				{
					[finish === 'doc' ? 'message' : 'delta']: {
						tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: args } }],
					},
					finish_reason: finish === 'doc' ? 'length' : finish,
				},
			],
		});

	test.each([
		['cut in a stream', events(call('{"city":"Os', 'length'), '[DONE]'), 'truncated'],
		['cut in a completion', call('{"city":"Os', 'doc'), 'truncated'],
		['broken', events(call('{"city":"Os', 'tool_calls'), '[DONE]'), 'protocol'],
	])('%s', async (_form, body, kind) => {
		expect((await providerErrorOf(() => read(body))).kind).toBe(kind);
	});
});
