import { describe, expect, test } from 'vitest';

import type { ProviderChunk } from '../types.ts';
import { readMessage, refusalOf } from './message.ts';

function read(message: Record<string, unknown>): ProviderChunk[] {
	const chunks: ProviderChunk[] = [];
	readMessage(message, '', chunks);
	return chunks;
}

describe('reasoning comes before the text', () => {
	test.each([
		['reasoning_content', 'Hm'],
		['reasoning', 'Hm'],
		['thinking', 'Hm'],
		['reasoning', { text: 'Hm' }],
		[
			'reasoning_details',
			[
				{ type: 'reasoning.text', text: 'H' },
				{ type: 'reasoning.summary', summary: 'm' },
				{ type: 'reasoning.encrypted', data: 'xyz' },
			],
		],
	])('as %s: %j', (field, reasoning) => {
		expect(read({ content: 'Hi', [field]: reasoning })).toEqual([
			{ type: 'reasoning', text: 'Hm' },
			{ type: 'text', text: 'Hi' },
		]);
	});

	test('as parts of the content (Mistral)', () => {
		const thinking = [
			{ type: 'text', text: 'H' },
			{ type: 'text', text: 'm' },
		];
		const content = [
			{ type: 'thinking', thinking },
			{ type: 'text', text: 'Hi' },
		];
		expect(read({ content })).toEqual([
			{ type: 'reasoning', text: 'Hm' },
			{ type: 'text', text: 'Hi' },
		]);
	});

	test('once, where it comes under several names', () => {
		const reasoning_details = [{ text: 'Hm' }];
		expect(read({ reasoning_content: 'Hm', reasoning: 'Hm', reasoning_details })).toEqual([
			{ type: 'reasoning', text: 'Hm' },
		]);
	});

	test.each([null, '', [], {}, 7, [null], { text: null }])('%j is none', (reasoning) => {
		expect(read({ reasoning, content: null })).toEqual([]);
	});

	test('nested without end is passed over', () => {
		let thinking: unknown = 'Hm';
		for (let depth = 0; depth < 100_000; depth++) thinking = [thinking];
		expect(read({ thinking })).toEqual([]);
	});
});

test('text in parts keeps its order', () => {
	const content = ['a', { type: 'text', text: 'b' }, { type: 'output_text', text: 'c' }];
	expect(read({ content }).map((chunk) => 'text' in chunk && chunk.text)).toEqual(['a', 'b', 'c']);
});

test.each([
	[{ refusal: 'No.' }, 'No.'],
	[{ content: [{ type: 'refusal', refusal: 'No.' }] }, 'No.'],
	[{ content: 'No.' }, ''],
	[{ refusal: null }, ''],
])('the refusal in %j is %j', (message, refusal) => {
	expect(refusalOf(message)).toBe(refusal);
});
