import { readChatAnswer as readAiChatsAnswer } from '../../providers/aiChats/answer.ts';
import { collectReply, withPartialText } from '../../providers/collectReply.ts';
import { Base64Decoder } from '../../providers/decode/base64.ts';
import { EventDecoder } from '../../providers/decode/events.ts';
import { LineDecoder } from '../../providers/decode/lines.ts';
import { ProviderError } from '../../providers/errors.ts';
import { answerError } from '../../providers/http/serviceErrors.ts';
import { readImageAnswer } from '../../providers/image/imageAnswer.ts';
import { openContent } from '../../providers/image/openImage.ts';
import { readStructured } from '../../providers/json/structuredReply.ts';
import { checkSchema } from '../../providers/json/validate.ts';
import { readChatAnswer } from '../../providers/openAiCompatible/chatAnswer.ts';
import { listModels } from '../../providers/openAiCompatible/models.ts';
import { ToolCalls } from '../../providers/openAiCompatible/toolCalls.ts';
import { answerAfterThinking } from '../../providers/thinking.ts';
import type { TransportResponse } from '../../providers/Transport.ts';
import type { ProviderChunk } from '../../providers/types.ts';
import { spoil } from './fuzzCase.mts';
import { pieces } from './FuzzTransport.mts';
import { Random } from './random.mts';

/** An input may take so long, in ms of CPU time. */
const MAX_TIME = 1000;

/** What became of a decoder under spoiled inputs. */
export interface DecoderResult {
	decoder: string;
	inputs: number;
	slowest: number;
	faults: string[];
}

type Decode = (bytes: Uint8Array, random: Random) => unknown;

async function* body(bytes: Uint8Array, random: Random) {
	yield* pieces(bytes, random);
}

function answer(bytes: Uint8Array, random: Random): TransportResponse {
	return { status: 200, headers: {}, body: body(bytes, random), close: () => undefined };
}

function push(decoder: { push(bytes: Uint8Array): unknown; finish(): unknown }): Decode {
	return (bytes, random) => {
		for (const piece of pieces(bytes, random)) decoder.push(piece);
		decoder.finish();
	};
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** JSON where the text is JSON, else the text. */
function valueOf(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(textOf(bytes)) as unknown;
	} catch {
		return textOf(bytes);
	}
}

async function imageAnswer(bytes: Uint8Array, random: Random): Promise<void> {
	for await (const chunk of readImageAnswer(answer(bytes, random), 'x')) {
		if (chunk.type !== 'image' || chunk.image.content === undefined) continue;
		const opened = await openContent(chunk.image.content);
		for await (const piece of opened.bytes) void piece;
	}
}

async function* textPieces(bytes: Uint8Array, random: Random): AsyncGenerator<ProviderChunk[]> {
	for (const piece of pieces(bytes, random)) yield [{ type: 'text', text: textOf(piece) }];
}

function toolCalls(bytes: Uint8Array): void {
	const calls = new ToolCalls();
	const list = [valueOf(bytes)].flat();
	const chunks: ProviderChunk[] = [];
	for (const entry of list) calls.read([entry].flat(), 'x', chunks);
	calls.finish('stop', chunks);
}

const call = (index: number, json: string) => ({
	index,
	id: `call_${index}`,
	function: { name: 'weather', arguments: json },
});
const CALLS = JSON.stringify([
	call(0, '{"city":'),
	call(0, '"Rome"}'),
	call(1, '{}'),
	{ extra: 1 },
]);
const JSON_ANSWER = 'So:\n```json\n{"a": [1, "x", {"b": null}], "c": "d\\n"}\n```\nand {"a": 2,}';
const SCHEMA = {
	type: 'object',
	properties: { a: { type: 'array', uniqueItems: true, items: { anyOf: [{ $ref: '#' }, {}] } } },
	patternProperties: { '^(c+)+$': { pattern: '^[a-z]+\\s?$', minLength: 1 } },
	required: ['a'],
};
const ERROR =
	'{"error":{"message":"Try again in 6m0s","code":429,"metadata":{"raw":"{\\"a\\":1}"}}}';
const STREAM = `data: {"choices":[{"delta":{"content":"x","tool_calls":${CALLS}}}]}\n\ndata: [DONE]\n\n`;
const COMPLETION = `{"choices":[{"message":{"content":[{"type":"text","text":"x"}],"tool_calls":${CALLS}},"finish_reason":"stop"}],"usage":{"total_tokens":3}}`;
const AI_CHATS = 'data: One\\n\n\ndata:  two\n\nevent: error\ndata: {"error":"x"}\n\n';
const PNG =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Every decoder with a good input to spoil. */
const DECODERS: Array<[name: string, good: string, decode: Decode]> = [
	['lines', AI_CHATS, (bytes, random) => push(new LineDecoder())(bytes, random)],
	['events', STREAM, (bytes, random) => push(new EventDecoder())(bytes, random)],
	['base64', PNG, (bytes, random) => push(new Base64Decoder())(bytes, random)],
	[
		'JSON in an answer',
		JSON_ANSWER,
		(bytes) => readStructured(textOf(bytes), { type: 'json_object' }),
	],
	[
		'schema check',
		'{"a":[1,{"a":["x"]}],"ccc":"d"}',
		(bytes) => checkSchema(valueOf(bytes), SCHEMA),
	],
	['thinking', '<think>one</think>\ntwo', (bytes, random) => collected(textPieces(bytes, random))],
	['tool calls', CALLS, toolCalls],
	['service errors', ERROR, (bytes) => answerError(answer(bytes, new Random(0)), textOf(bytes))],
	[
		'chat stream',
		STREAM,
		async (bytes, random) => await collected(await readChatAnswer(answer(bytes, random))),
	],
	[
		'chat completion',
		COMPLETION,
		async (bytes, random) => await collected(await readChatAnswer(answer(bytes, random))),
	],
	[
		'Ai-Chats answer',
		AI_CHATS,
		async (bytes, random) => await collected(readAiChatsAnswer(answer(bytes, random))),
	],
	[
		'image answer',
		`{"data":[{"b64_json":"${PNG}"},{"url":"https://x.test/a.png"}],"usage":{}}`,
		imageAnswer,
	],
	[
		'model list',
		'{"data":[{"id":"gpt-4o"},{"id":"dall-e-3"}]}',
		(bytes, random) =>
			listModels('https://a', 'image', () => Promise.resolve(answer(bytes, random))),
	],
];

async function collected(chunks: AsyncIterable<readonly ProviderChunk[]>): Promise<void> {
	await collectReply(withPartialText(answerAfterThinking(chunks)));
}

/** Gives each decoder so many spoiled inputs. A fault is whatever it throws but a ProviderError, or takes too long for. */
export async function fuzzDecoders(
	inputs: number,
	firstSeed: number,
	onCase: (seed: number) => void = () => undefined,
): Promise<DecoderResult[]> {
	const results: DecoderResult[] = [];
	for (const [decoder, good, decode] of DECODERS) {
		const result: DecoderResult = { decoder, inputs: 0, slowest: 0, faults: [] };
		const whole = new TextEncoder().encode(good);
		for (let seed = firstSeed; seed < firstSeed + inputs; seed++) {
			onCase(seed);
			const { body: bytes } = spoil(whole, new Random(seed));
			const time = await timeOf(decode, bytes, seed, result);
			// What took long may have waited for a collection: the second look decides.
			const least =
				time > MAX_TIME ? Math.min(time, await timeOf(decode, bytes, seed, result)) : time;
			result.slowest = Math.max(result.slowest, least);
			if (least > MAX_TIME) result.faults.push(`seed ${seed} took ${least.toFixed(0)} ms`);
			result.inputs++;
		}
		results.push(result);
	}
	return results;
}

async function timeOf(
	decode: Decode,
	bytes: Uint8Array,
	seed: number,
	{ faults }: DecoderResult,
): Promise<number> {
	const start = process.cpuUsage();
	try {
		await decode(Uint8Array.from(bytes), new Random(seed));
	} catch (error) {
		if (!(error instanceof ProviderError)) faults.push(`seed ${seed} threw ${String(error)}`);
	}
	const { user, system } = process.cpuUsage(start);
	return (user + system) / 1000;
}

/** As a table in Markdown. */
export function decoderTable(results: readonly DecoderResult[]): string {
	const rows = results.map(
		({ decoder, inputs, slowest, faults }) =>
			`| ${decoder} | ${inputs} | ${slowest.toFixed(0)} | ${faults.length} |`,
	);
	return ['| decoder | inputs | slowest, ms | faults |', '| --- | --: | --: | --: |', ...rows].join(
		'\n',
	);
}
