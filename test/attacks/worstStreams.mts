import { readChatAnswer as readAiChatsAnswer } from '../../providers/aiChats/answer.ts';
import { collectReply, withPartialText } from '../../providers/collectReply.ts';
import { Base64Decoder } from '../../providers/decode/base64.ts';
import { EventDecoder } from '../../providers/decode/events.ts';
import { LineDecoder } from '../../providers/decode/lines.ts';
import { readImageAnswer } from '../../providers/image/imageAnswer.ts';
import { untilItsEnd } from '../../providers/image/imageEnd.ts';
import { readChatAnswer } from '../../providers/openAiCompatible/chatAnswer.ts';
import { answerAfterThinking } from '../../providers/thinking.ts';
import type { TransportResponse } from '../../providers/Transport.ts';
import type { ProviderChunk } from '../../providers/types.ts';
import { bytesOf } from '../support/splits.mts';
import type { WorstCase } from './growth.mts';

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE * KILOBYTE;
/** As a network brings them. */
const PIECE = 16 * KILOBYTE;

type Body = AsyncGenerator<Uint8Array>;
/** Reads a stream: whatever it throws, only its time and how much it took count. */
type ReadBody = (body: Body) => Promise<unknown>;

/** A case whose bytes come in pieces. What is read is counted: a parser that refuses its input early shows it. */
function streamed(
	parser: string,
	text: (size: number) => string,
	read: ReadBody,
	limit?: number,
	piece = PIECE,
): WorstCase {
	const prepare = (size: number) => {
		const bytes = bytesOf(text(size));
		return async () => {
			let taken = 0;
			const body = (async function* () {
				for (let start = 0; start < bytes.length; start += piece) {
					// A copy, as some decoders write over what they are given.
					const copy = bytes.slice(start, start + piece);
					taken += copy.length;
					yield copy;
				}
			})();
			await read(body).catch(() => undefined);
			return taken / bytes.length;
		};
	};
	return { parser, prepare, ...(limit === undefined ? {} : { limit }) };
}

function repeated(part: string): (size: number) => string {
	return (size) => part.repeat(Math.ceil(size / part.length));
}

function around(before: string, part: string, after: string): (size: number) => string {
	return (size) => before + repeated(part)(size) + after;
}

function decoding(start: () => { push(bytes: Uint8Array): unknown }): ReadBody {
	return async (body) => {
		const decoder = start();
		for await (const piece of body) decoder.push(piece);
	};
}

const lines = decoding(() => new LineDecoder());
const events = decoding(() => new EventDecoder());
const base64 = decoding(() => new Base64Decoder());

function responseWith(body: Body, type = 'application/json'): TransportResponse {
	return { status: 200, headers: { 'content-type': type }, body, close: () => undefined };
}

const chat: ReadBody = async (body) => {
	const pieces = await readChatAnswer(responseWith(body));
	await collectReply(withPartialText(answerAfterThinking(pieces)));
};

const aiChats: ReadBody = async (body) => {
	const pieces = readAiChatsAnswer(responseWith(body, 'text/event-stream'));
	await collectReply(withPartialText(answerAfterThinking(pieces)));
};

/** @param isRead whether the images are read, not skipped */
const image =
	(isRead: boolean): ReadBody =>
	async (body) => {
		for await (const chunk of readImageAnswer(responseWith(body), '')) {
			if (!isRead || chunk.type !== 'image' || chunk.image.content === undefined) continue;
			for await (const bytes of chunk.image.content) void bytes;
		}
	};

const file =
	(extension: 'avif' | 'gif' | 'png'): ReadBody =>
	async (body) => {
		for await (const bytes of untilItsEnd(body, extension)) void bytes;
	};

function delta(fields: object): string {
	return `data: ${JSON.stringify({ choices: [{ delta: fields }] })}\n\n`;
}

function toolCall(call: object): string {
	return delta({ tool_calls: [{ index: 0, ...call }] });
}

/** So many different parts as the size takes. */
function numbered(part: (index: number) => string): (size: number) => string {
	return (size) => {
		const { length } = part(100_000);
		return Array.from({ length: Math.ceil(size / length) }, (_, index) => part(index)).join('');
	};
}

const named = (rest: object) => ({ id: 'a', function: { name: 'f', ...rest } });
const letter = toolCall(named({ arguments: 'x' }));
const PNG = 'iVBORw0KGgoA';

export const STREAMS: WorstCase[] = [
	streamed('lines, all empty', repeated('\n'), lines),
	streamed('lines, ended by CR', repeated('x\r'), lines),
	streamed('lines, one without end', repeated('x'), lines),
	streamed('events of one letter', repeated('data:x\n\n'), events),
	streamed('an event of many lines', repeated('data:\n'), events, 3 * MEGABYTE),
	streamed('documents with one line feed between', repeated('data: {}\n'), events),
	streamed('base64', repeated('QUJD'), base64),
	streamed('base64 with a space between', repeated('Q '), base64),
	streamed('base64 in escapes', repeated('\\u0041'), base64),
	streamed(
		'base64: spaces and letters by turns',
		repeated(' '.repeat(60_000) + 'QUJD'.repeat(15_000)),
		base64,
	),
	streamed(
		'image answer: links',
		around('{"data":[', '{"url":"x"},', '{}]}'),
		image(true),
		MEGABYTE,
	),
	// A search of the whole chunk for each string would be quadratic.
	streamed(
		'image answer: empty strings in one chunk',
		around('{"data":[', '"",', '""]}'),
		image(true),
		MEGABYTE,
		1.2 * MEGABYTE,
	),
	streamed(
		'image answer: escaped quotes',
		around('{"data":[{"x":"', '\\"', '"}]}'),
		image(true),
		MEGABYTE,
	),
	streamed(
		'image answer: a long key around short ones',
		(size) => {
			const half = Math.floor(size / 2);
			return `{"${'k'.repeat(half)}":{${repeated('"a":"",')(half)}"a":""}}`;
		},
		image(true),
		MEGABYTE,
	),
	streamed('image answer: base64', around('{"data":[{"b64_json":"', PNG, '"}]}'), image(true)),
	streamed(
		'image answer: base64 that is passed over',
		around('{"data":[{"b64_json":"', '\\u0041', '"}]}'),
		image(false),
	),
	streamed(
		'image file: GIF blocks of one byte',
		around('GIF89a\0\0\0\0\0\0\0!\0', '\x01x', '\0;'),
		file('gif'),
	),
	streamed('image file: empty AVIF boxes', repeated('\0\0\0\x08free'), file('avif')),
	// In small pieces: only its last bytes are looked at, and the rest is but passed on.
	streamed('image file: PNG without end', repeated('IEND'), file('png'), undefined, 64),
	streamed(
		'chat stream: one letter each',
		around('', delta({ content: 'x' }), 'data: [DONE]\n\n'),
		chat,
	),
	streamed(
		'chat stream: sources in each event',
		repeated(delta({ annotations: ['a', 'b', 'c'] })),
		chat,
	),
	streamed(
		'completion: the same image again and again',
		around('{"choices":[{"message":{"images":["x"', ',"x"', ']},"finish_reason":"stop"}]}'),
		chat,
	),
	streamed(
		'completion: parts of one letter',
		around('{"choices":[{"message":{"content":["a"', ',"b"', ']}}]}'),
		chat,
	),
	streamed('tool calls: arguments in letters', repeated(letter), chat),
	streamed(
		'tool calls: a call each, of one index',
		numbered((index) =>
			toolCall({ id: `call_${index}`, function: { name: 'f', arguments: '{}' } }),
		),
		chat,
	),
	streamed(
		'tool calls: letters, then fields that are unknown',
		(size) => repeated(letter)(size / 2) + repeated(toolCall({ id: 'a', x: 1 }))(size / 2),
		chat,
	),
	streamed(
		'tool calls: without a name, ever more fields',
		numbered((index) => toolCall({ id: 'a', [`x${index}`]: 1 })),
		chat,
	),
	streamed(
		'tool calls: without a name, in letters',
		repeated(toolCall({ id: 'a', function: { arguments: 'x' } })),
		chat,
	),
	streamed('Ai-Chats: one letter each', repeated('data: x\n'), aiChats),
	streamed('Ai-Chats: backslashes', repeated('data: \\\n'), aiChats),
	streamed(
		'Ai-Chats: white space between words',
		repeated(`${'data:  \n'.repeat(1000)}data: x\n`),
		aiChats,
	),
	{
		parser: 'thinking of half tags',
		prepare: (size) => {
			const text = '<think>' + repeated('</think')(size);
			const parts = Array.from({ length: Math.ceil(text.length / 8) }, (_, index) =>
				text.slice(8 * index, 8 * index + 8),
			);
			return async () => {
				await collectReply(withPartialText(answerAfterThinking(together(parts)))).catch(
					() => undefined,
				);
				return 1;
			};
		},
	},
];

/** The chunks that one piece of a body brings come together. */
async function* together(parts: readonly string[]): AsyncGenerator<ProviderChunk[]> {
	const count = PIECE / 8;
	for (let start = 0; start < parts.length; start += count) {
		yield parts.slice(start, start + count).map((text) => ({ type: 'text', text }));
	}
}
