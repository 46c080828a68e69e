import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import {
	eventStream,
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { bytesOf, cutText, everyCutting } from '../../test/support/splits.mts';
import { collect } from '../../test/support/streams.mts';
import { withPartialText } from '../collectReply.ts';
import { ProviderError } from '../errors.ts';
import type { ProviderChunk } from '../types.ts';
import { AnswerText, readChatAnswer } from './answer.ts';

function partsOf(fragments: readonly string[]): string[] {
	const answer = new AnswerText();
	return [...fragments.map((fragment) => answer.push(fragment)), answer.finish()];
}

function textOf(fragments: readonly string[]): string {
	return partsOf(fragments).join('');
}

function wholeText(text: string): string {
	return text.replaceAll('\\n', '\n').trim();
}

describe('line breaks', () => {
	test('the characters backslash and n are a line break', () => {
		expect(textOf(['one\\ntwo'])).toBe('one\ntwo');
	});

	test('also when they are split between two fragments', () => {
		expect(partsOf(['one\\', 'ntwo'])).toEqual(['one', '\ntwo', '']);
	});

	test('also with an empty fragment between them', () => {
		expect(textOf(['one\\', '', 'ntwo'])).toBe('one\ntwo');
	});

	test('a backslash before another character is a backslash', () => {
		expect(partsOf(['C:\\', 'temp'])).toEqual(['C:', '\\temp', '']);
	});

	test('of two backslashes only the second one can begin a line break', () => {
		expect(textOf(['a\\', '\\', 'nb'])).toBe('a\\\nb');
	});

	test('a lone backslash at the end of the answer is text', () => {
		expect(partsOf(['one\\'])).toEqual(['one', '\\']);
	});

	test('a lone backslash behind white space keeps that white space', () => {
		expect(textOf(['one ', '\\'])).toBe('one \\');
	});

	test('a lone backslash is all of an answer', () => {
		expect(textOf([' ', '\\'])).toBe('\\');
	});
});

describe('the ends of the whole text', () => {
	test('are trimmed over many fragments', () => {
		expect(textOf([' ', '\\n', '\t', ' Hello', ' ', 'world', ' ', '\\n', '  '])).toBe(
			'Hello world',
		);
	});

	test('white space waits until text follows it', () => {
		const parts = partsOf(['Hello', ' ', '\\n', 'world']);
		expect(parts).toEqual(['Hello', '', '', ' \nworld', '']);
	});

	test('white space at a fragment’s end waits, its text does not', () => {
		expect(partsOf(['Hello ', 'world '])).toEqual(['Hello', ' world', '']);
	});

	test('white space before the text never comes', () => {
		expect(partsOf(['  ', '  Hello'])).toEqual(['', 'Hello', '']);
	});

	test('line breaks at the ends are white space too', () => {
		expect(textOf(['\\n\\nHello\\n\\n'])).toBe('Hello');
	});

	test('an answer of white space only is no text', () => {
		expect(textOf([' ', '\\n', '\\', 'n', ' '])).toBe('');
	});

	test('white space inside the text stays as it is', () => {
		expect(textOf(['a', '  ', '\t', 'b'])).toBe('a  \tb');
	});
});

test('without fragments there is no text', () => {
	expect(textOf([])).toBe('');
});

test('however an answer is cut, its text is that of the whole', () => {
	const answer = fc.string({
		unit: fc.constantFrom('a', 'n', ' ', '\\', '\\n', '\n', '\t', '\uFEFF', '😀'),
		maxLength: 30,
	});
	fc.assert(
		fc.property(answer, fc.array(fc.nat(60), { maxLength: 12 }), (text, positions) => {
			const inside = positions.map((position) => position % (text.length + 1));
			expect(textOf(cutText(text, inside))).toBe(wholeText(text));
		}),
		{ numRuns: 1000 },
	);
});

const BROKEN = new ProviderError('network', 'Lost', { code: 'ECONNRESET', retryable: true });

async function* chunksOf(answer: MemoryAnswer): AsyncGenerator<ProviderChunk> {
	const transport = new MemoryTransport([answer]);
	const request = { method: 'POST', url: 'https://a/', headers: {}, authenticated: true } as const;
	const response = await transport.send(request);
	yield* withPartialText(readChatAnswer(response));
}

async function textsOf(answer: MemoryAnswer): Promise<string[]> {
	const chunks = await collect(chunksOf(answer));
	expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
	return chunks.flatMap((chunk) => (chunk.type === 'text' ? [chunk.text] : []));
}

async function textOfChatAnswer(answer: MemoryAnswer): Promise<string> {
	return (await textsOf(answer)).join('');
}

async function errorFor(answer: MemoryAnswer): Promise<ProviderError> {
	return await providerErrorOf(() => collect(chunksOf(answer)));
}

function raw(text: string): MemoryAnswer {
	return { headers: { 'content-type': 'text/event-stream' }, chunks: [text] };
}

const STREAMS: Array<[behaviour: string, stream: string, text: string]> = [
	['payloads are joined with nothing between', 'data: Hel\n\ndata: lo\n\n', 'Hello'],
	['one space belongs to the framing, a second is text', 'data: a\n\ndata:  b\n\n', 'a b'],
	['without the framing’s space a payload is whole', 'data:a\n\ndata:b\n\n', 'ab'],
	['the ends of the whole text are trimmed', 'data:   a\n\ndata: b  \n\ndata:  \n\n', 'ab'],
	['empty data lines add nothing', 'data: a\n\ndata:\n\ndata: \n\ndata\n\ndata: b\n\n', 'ab'],
	['data lines need no empty line between', 'data: a\ndata: b\n', 'ab'],
	['CRLF ends lines', 'data: a\r\n\r\ndata: b\r\n\r\n', 'ab'],
	['CR ends lines', 'data: a\r\rdata: b\r\r', 'ab'],
	['comments are no text', ': ping\n\ndata: a\n:\ndata: b\n\n', 'ab'],
	['event, id and retry are no text', 'event: x\nid: 1\nretry: 9\ndata: a\n\n', 'a'],
	['unknown fields are no text', 'foo: x\ndata: a\n\nbar\n\n', 'a'],
	['a byte order mark is no text', '\uFEFFdata: a\n\n', 'a'],
	['backslash and n are a line break', 'data: a\\nb\n\n', 'a\nb'],
	['also when fragments split them', 'data: a\\\n\ndata: nb\n\n', 'a\nb'],
	['a lone backslash at the end is text', 'data: a\\\n\n', 'a\\'],
	['UTF-8 of every length', 'data: é€\n\ndata: 😀漢\n\n', 'é€😀漢'],
	['[DONE] ends the text', 'data: a\n\ndata: [DONE]\n\ndata: b\n\n', 'a'],
	['an unfinished last line is text', 'data: a\n\ndata: b', 'ab'],
	['words that hold the marks are text', 'data: trylimits [DONE]!\n\n', 'trylimits [DONE]!'],
	['colons stay', 'data: a: b\n\n', 'a: b'],
	['a text may begin like JSON or a page', 'data: {"a":1}\n\ndata: <html>\n\n', '{"a":1}<html>'],
];

describe('a stream, however it is cut', () => {
	test.each(STREAMS)('%s', async (_behaviour, stream, text) => {
		for (const { name, chunks } of everyCutting(bytesOf(stream))) {
			const answer = { headers: { 'content-type': 'text/event-stream' }, chunks };
			expect(await textOfChatAnswer(answer), name).toBe(text);
		}
	});

	test('needs no label', async () => {
		expect(await textOfChatAnswer({ chunks: ['data: a\n\n'] })).toBe('a');
	});

	test('each fragment arrives on its own', async () => {
		expect(await textsOf(eventStream('data: Hel', 'data: lo', 'data:  world'))).toEqual([
			'Hel',
			'lo',
			' world',
		]);
	});

	test('[DONE] ends the answer without waiting for the connection', async () => {
		expect(await textOfChatAnswer(eventStream('data: a', 'data: [DONE]', BROKEN))).toBe('a');
	});
});

describe('the free quota is used up', () => {
	test.each(['data:  trylimit', 'data: trylimit', 'data:trylimit'])(
		'%j is an error, never text',
		async (line) => {
			const error = await errorFor(eventStream(line));
			expect(error).toMatchObject({ kind: 'quota', retryable: false });
			expect(error.details.partialText).toBeUndefined();
		},
	);

	test('what came before it is partial', async () => {
		const texts: string[] = [];
		const error = await providerErrorOf(async () => {
			for await (const chunk of chunksOf(eventStream('data: Hel', 'data: lo', 'data:  trylimit'))) {
				if (chunk.type === 'text') texts.push(chunk.text);
			}
		});
		expect(texts).toEqual(['Hel', 'lo']);
		expect(error).toMatchObject({ kind: 'quota', details: { partialText: 'Hello' } });
	});

	test('it counts however the stream is cut', async () => {
		for (const { name, chunks } of everyCutting(
			bytesOf('data: a\r\n\r\ndata:  trylimit\r\n\r\n'),
		)) {
			expect((await errorFor({ chunks })).kind, name).toBe('quota');
		}
	});
});

describe('a page or a document with status 200', () => {
	test('a captcha is told as such', async () => {
		const error = await errorFor(page(CAPTCHA_PAGE));
		expect(error).toMatchObject({ kind: 'blocked', message: 'The service asks for a captcha' });
	});

	test('another page is told with its title', async () => {
		const error = await errorFor(page(PLAIN_PAGE));
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service answered with a web page',
			details: { status: 200, serviceMessage: 'Welcome to nginx!' },
		});
	});

	test.each(['text/event-stream', 'text/plain', ''])(
		'a page labelled %j is known by its first character, however it is cut',
		async (contentType) => {
			for (const { name, chunks } of everyCutting(bytesOf('<html>captcha</html>'))) {
				const error = await errorFor({ headers: { 'content-type': contentType }, chunks });
				expect(error.kind, name).toBe('blocked');
			}
		},
	);

	test.each(['\uFEFF<html>captcha</html>', '\r\n <html>captcha</html>'])(
		'a page that begins with something invisible (%j) is known, however it is cut',
		async (body) => {
			for (const { name, chunks } of everyCutting(bytesOf(body))) {
				expect((await errorFor({ chunks })).kind, name).toBe('blocked');
			}
		},
	);

	test('JSON is told with its words', async () => {
		const error = await errorFor(json({ error: { message: 'No such chat' } }));
		expect(error).toMatchObject({
			kind: 'protocol',
			message: 'The service sent no event stream',
			details: { serviceMessage: 'No such chat' },
		});
	});

	test('JSON without a label is known too', async () => {
		const error = await errorFor({ chunks: [' [{"message":"No"}]'] });
		expect(error.details.serviceMessage).toBe('No');
	});
});

describe('no text', () => {
	test.each([
		['an empty body', raw('')],
		['an empty page', page('')],
		['white space with a JSON label', json(' \n')],
		['only line ends', raw('\n\n\r\n')],
		['only comments', raw(': ping\n\n: ping\n\n')],
		['only empty data', raw('data:\n\ndata: \n\ndata:   \n\ndata: \\n\n\n')],
		['[DONE] at once', raw('data: [DONE]\n\n')],
	])('%s is an empty answer', async (_what, answer) => {
		const error = await errorFor(answer);
		expect(error).toMatchObject({ kind: 'protocol', message: 'The service sent an empty answer' });
	});
});

describe('white space without end', () => {
	const SPACES = Array.from({ length: 200 }, () => `data: ${' '.repeat(4096)}`);

	test('after a word is refused, with the text so far', async () => {
		const error = await errorFor(eventStream('data: word', ...SPACES, 'data: end'));
		expect(error).toMatchObject({ kind: 'refused', details: { partialText: 'word' } });
	});

	test('before any word is dropped as it comes', async () => {
		expect(await textOfChatAnswer(eventStream(...SPACES, 'data: end'))).toBe('end');
	});

	test('of less than 64 kB between two words is text', async () => {
		const text = `a${' '.repeat(60_000)}b`;
		expect(await textOfChatAnswer({ chunks: [`data: ${text}\n\n`] })).toBe(text);
	});
});

describe('an event named error', () => {
	const STREAM = 'data: Half\n\nevent: error\ndata: {"message":"Overloaded"}\n\n';

	test('is an error with its message and the text so far, however it is cut', async () => {
		for (const { name, chunks } of everyCutting(bytesOf(STREAM))) {
			const error = await errorFor({ chunks });
			expect(error, name).toMatchObject({ kind: 'http', message: 'The service reports an error' });
			expect(error.details, name).toMatchObject({
				serviceMessage: 'Overloaded',
				partialText: 'Half',
			});
		}
	});

	test('is known by its code, as that of an error status', async () => {
		const data = '{"error":{"code":"insufficient_quota","message":"No"}}';
		const error = await errorFor({ chunks: [`event: error\ndata: ${data}\n\n`] });
		expect(error).toMatchObject({ kind: 'quota', details: { reason: 'noCredit' } });
	});

	test('ends with its event: what follows is text', async () => {
		const stream = 'event: error\n\nevent: message\ndata: Fine\n\n';
		expect(await textOfChatAnswer({ chunks: [stream] })).toBe('Fine');
	});
});

test('an answer that ends in the middle of a character is truncated', async () => {
	const whole = bytesOf('data: a€');
	for (const missing of [1, 2]) {
		const error = await errorFor({ chunks: [whole.subarray(0, whole.length - missing)] });
		expect(error.kind, String(missing)).toBe('truncated');
	}
	expect(await textOfChatAnswer({ chunks: [whole] })).toBe('a€');
});

describe('a connection that closes', () => {
	test('mid-stream: the text so far is kept', async () => {
		const error = await errorFor(eventStream('data: Hel', 'data: lo', BROKEN));
		expect(error.retryable).toBe(false);
		expect(error.details).toMatchObject({ partialText: 'Hello', code: 'ECONNRESET' });
	});

	test('before any text: asking again is harmless', async () => {
		for (const answer of [eventStream(BROKEN), eventStream(': ping', 'data:', BROKEN)]) {
			expect(await errorFor(answer)).toMatchObject({ kind: 'network', retryable: true });
		}
	});
});
