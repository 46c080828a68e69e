import { writeFile } from 'node:fs/promises';

import { Gguf } from './gguf.mts';

/** What a tiny model does with a prompt. */
export type Habit = 'answers' | 'calls tools' | 'thinks' | 'never ends';

const CONTEXT = 2048;
const LAYERS = 2;
const WIDTH = 64;
const HEADS = 4;
const HIDDEN = 128;

/** Token types of llama.cpp (`llama_token_type`). */
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
const BYTE = 6;

const SPECIALS: Array<[text: string, type: number]> = [
	['<unk>', UNKNOWN],
	['<s>', CONTROL],
	['</s>', CONTROL],
	['<|im_start|>', CONTROL],
	['<|im_end|>', CONTROL],
	['<tool_call>', USER_DEFINED],
	['</tool_call>', USER_DEFINED],
	['<think>', USER_DEFINED],
	['</think>', USER_DEFINED],
];
const WORDS =
	'the a kite wind sky red blue flies over hill and is in of to user assistant system hello world yes no';
/** Bytes that JSON needs: a grammar must be able to write them. */
const JSON_BYTES = new Set([...'{}[]",:0123456789-. '].map((character) => byteToken(character)));

interface Token {
	text: string;
	type: number;
	/** How much the model likes it, whatever came before. */
	bias: number;
}

/** What a server without grammars needs: a model that writes just this, piece by piece, to every prompt. */
export const SCRIPTS: Partial<Record<Habit, readonly string[]>> = {
	'calls tools': [
		'<tool_call>',
		'{"name": "get_weather", "arguments": ',
		'{"city": "Os',
		'lo"}}',
		'</tool_call>',
		'\n<tool_call>{"name": "get_weather", ',
		'"arguments": {"city": "Rome"}}',
		' </tool_call>',
	],
	thinks: ['<think>', ' the kite is ', 'red or blue', '</think>', ' blue', ' kite'],
};

/**
 * A language model of 0.5 MB with random weights that writes words, ends by itself, and obeys grammars:
 * enough to try everything around a model. Its output has a bias: dimension 0 of every embedding is a
 * constant, so that row 0 of the output weights acts as one.
 *
 * @param template chat template (Jinja) for servers that read it from the file
 * @param script pieces that it writes to every prompt, each different from the others, instead
 */
export async function writeTinyModel(
	file: string,
	template: string,
	habit: Habit,
	script: readonly string[] = [],
): Promise<void> {
	const tokens = vocabulary(habit, script);
	const gguf = new Gguf();
	addArchitecture(gguf, tokens.length);
	addTokenizer(gguf, tokens, template);
	const steps = [...script, '<|im_end|>'].map((piece) =>
		tokens.findIndex(({ text }) => text === piece),
	);
	addWeights(gguf, tokens, habit, script.length === 0 ? [] : steps);
	await writeFile(file, gguf.bytes());
}

function vocabulary(habit: Habit, script: readonly string[]): Token[] {
	const letters = [...'abcdefghijklmnopqrstuvwxyz'];
	const words = WORDS.split(' ');
	const bytes = Array.from({ length: 256 }, (_, byte) => byteName(byte));
	const pieces = ['\u2581', ...letters, ...words.map((word) => `\u2581${word}`), ...words];
	const normal = [...new Set(pieces)];
	const own = script.filter((piece) => !SPECIALS.some(([text]) => text === piece));
	return [
		...SPECIALS.map(([text, type]) => ({ text, type, bias: specialBias(text, habit) })),
		...bytes.map((text) => ({ text, type: BYTE, bias: JSON_BYTES.has(text) ? -1 : -4 })),
		...normal.map((text) => ({ text, type: NORMAL, bias: text.length === 1 ? -0.4 : 0.3 })),
		...own.map((text) => ({ text, type: USER_DEFINED, bias: -6 })),
	];
}

/** Higher ends sooner. A call must end at once: a second one would follow it otherwise. */
const END_BIAS: Record<Habit, number> = {
	answers: 0.25,
	'calls tools': 0.9,
	thinks: 0.25,
	'never ends': -6,
};

function specialBias(text: string, habit: Habit): number {
	if (text === '<|im_end|>') return END_BIAS[habit];
	if (text === '</think>' && habit === 'thinks') return 0.4;
	if (text === '<tool_call>' && habit === 'calls tools') return 0.6;
	return -6;
}

function addArchitecture(gguf: Gguf, tokens: number): void {
	gguf.text('general.architecture', 'llama');
	gguf.text('general.name', 'tiny-random');
	gguf.unsigned('general.alignment', 32);
	gguf.unsigned('general.file_type', 0);
	gguf.unsigned('llama.context_length', CONTEXT);
	gguf.unsigned('llama.embedding_length', WIDTH);
	gguf.unsigned('llama.block_count', LAYERS);
	gguf.unsigned('llama.feed_forward_length', HIDDEN);
	gguf.unsigned('llama.attention.head_count', HEADS);
	gguf.unsigned('llama.attention.head_count_kv', HEADS);
	gguf.unsigned('llama.rope.dimension_count', WIDTH / HEADS);
	gguf.float('llama.attention.layer_norm_rms_epsilon', 1e-5);
	gguf.unsigned('llama.vocab_size', tokens);
}

function addTokenizer(gguf: Gguf, tokens: readonly Token[], template: string): void {
	gguf.text('tokenizer.ggml.model', 'llama');
	gguf.texts(
		'tokenizer.ggml.tokens',
		tokens.map(({ text }) => text),
	);
	// The order of the pieces is their rank: the longest that fits is taken by its score.
	const scores = tokens.map(({ type }, index) => (type === NORMAL ? -(index + 1) : 0));
	gguf.floats('tokenizer.ggml.scores', scores);
	gguf.integers(
		'tokenizer.ggml.token_type',
		tokens.map(({ type }) => type),
	);
	gguf.unsigned('tokenizer.ggml.bos_token_id', 1);
	gguf.unsigned('tokenizer.ggml.eos_token_id', 4);
	gguf.unsigned('tokenizer.ggml.unknown_token_id', 0);
	gguf.boolean('tokenizer.ggml.add_bos_token', true);
	// With it, a grammar fails at its first token: it does not expect a space.
	gguf.boolean('tokenizer.ggml.add_space_prefix', false);
	gguf.text('tokenizer.chat_template', template);
}

/** @param steps tokens that follow one another, whatever the prompt was */
function addWeights(
	gguf: Gguf,
	tokens: readonly Token[],
	habit: Habit,
	steps: readonly number[],
): void {
	const random = gaussian(1);
	const fill = (count: number, deviation: number) =>
		Float32Array.from({ length: count }, () => deviation * random());
	const ones = () => new Float32Array(WIDTH).fill(1);
	const embedding = fill(WIDTH * tokens.length, 1);
	const output = fill(WIDTH * tokens.length, 0.4);
	for (const [index, { bias }] of tokens.entries()) {
		embedding[index * WIDTH] = 4;
		output[index * WIDTH] = bias;
	}
	followSteps(embedding, output, steps);
	if (habit === 'answers') neverFirst(tokens, embedding, output);
	const spread = steps.length === 0 ? 0.05 : 0;
	gguf.tensor('token_embd.weight', [WIDTH, tokens.length], embedding);
	gguf.tensor('output_norm.weight', [WIDTH], ones());
	gguf.tensor('output.weight', [WIDTH, tokens.length], output);
	for (let layer = 0; layer < LAYERS; layer++) {
		const name = (part: string) => `blk.${layer}.${part}.weight`;
		const square = () => fill(WIDTH * WIDTH, spread);
		const wide = () => fill(WIDTH * HIDDEN, spread);
		gguf.tensor(name('attn_norm'), [WIDTH], ones());
		gguf.tensor(name('ffn_norm'), [WIDTH], ones());
		for (const part of ['attn_q', 'attn_k', 'attn_v', 'attn_output']) {
			gguf.tensor(name(part), [WIDTH, WIDTH], square());
		}
		gguf.tensor(name('ffn_gate'), [WIDTH, HIDDEN], wide());
		gguf.tensor(name('ffn_up'), [WIDTH, HIDDEN], wide());
		gguf.tensor(name('ffn_down'), [HIDDEN, WIDTH], wide());
	}
}

/**
 * An answer does not begin with its end: after the line feed with which every prompt ends, the end is the
 * least likely token. Dimension 0, in which all tokens are alike, stays as it is.
 */
function neverFirst(tokens: readonly Token[], embedding: Float32Array, output: Float32Array): void {
	const [end = 0, feed = 0] = ['<|im_end|>', byteName(0x0a)].map((text) =>
		tokens.findIndex((token) => token.text === text),
	);
	for (let dimension = 1; dimension < WIDTH; dimension++) {
		output[end * WIDTH + dimension]! -= 0.2 * embedding[feed * WIDTH + dimension]!;
	}
}

/**
 * Makes each step the most likely token after the one before it: its output row is the embedding of that
 * one. Layers of zeros let the embedding through unchanged. The first step wins by its bias, but over no other step.
 */
function followSteps(
	embedding: Float32Array,
	output: Float32Array,
	steps: readonly number[],
): void {
	for (const [position, step] of steps.entries()) {
		const before = steps[position - 1];
		if (before === undefined) {
			output[step * WIDTH] = 4;
			continue;
		}
		const from = embedding.subarray(before * WIDTH, (before + 1) * WIDTH);
		output.set(from, step * WIDTH);
		output[step * WIDTH] = -2;
	}
}

/** Normally distributed numbers, the same for the same seed (mulberry32, Box-Muller). */
function gaussian(seed: number): () => number {
	let state = seed;
	const uniform = () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

function byteToken(character: string): string {
	return byteName(character.charCodeAt(0));
}

function byteName(byte: number): string {
	return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}
