import { expect, test } from 'vitest';

import type { ProviderChunk } from '../../../providers/chunks.ts';
import { ProviderError } from '../../../providers/errors.ts';
import { withPartialText } from '../../../providers/withPartialText.ts';
import { providerErrorOf } from '../../support/failure.mts';
import { collect, streamOf, watched } from '../../support/streams.mts';

const HEL: ProviderChunk = { type: 'text', text: 'Hel' };
const LO: ProviderChunk = { type: 'text', text: 'lo' };

/** Pieces of one chunk each. */
function singly(...chunks: Array<ProviderChunk | Error>) {
	return streamOf(...chunks.map((chunk) => (chunk instanceof Error ? chunk : [chunk])));
}

test('an answer passes through as it is', async () => {
	const chunks: ProviderChunk[] = [HEL, LO, { type: 'finish', reason: 'stop' }];
	expect(await collect(withPartialText(singly(...chunks)))).toEqual(chunks);
});

test('an error after text carries the text and is not retryable', async () => {
	const broken = new ProviderError('quota', 'Used up', { retryable: true, status: 429 });
	const error = await providerErrorOf(() => collect(withPartialText(singly(HEL, LO, broken))));
	expect(error).not.toBe(broken);
	expect(error.kind).toBe('quota');
	expect(error.message).toBe('Used up');
	expect(error.retryable).toBe(false);
	expect(error.details).toMatchObject({ partialText: 'Hello', status: 429, retryable: false });
});

test('an answer that breaks off keeps its kind and gets the text', async () => {
	const broken = new ProviderError('truncated', 'Broken', { code: 'ECONNRESET', retryable: true });
	const error = await providerErrorOf(() => collect(withPartialText(singly(HEL, broken))));
	expect(error).toMatchObject({ kind: 'truncated', message: 'Broken', retryable: false });
	expect(error.details).toMatchObject({ code: 'ECONNRESET', partialText: 'Hel' });
});

test('an error before text stays as it is, retryable or not', async () => {
	const broken = new ProviderError('network', 'Lost', { retryable: true });
	const error = await providerErrorOf(() => collect(withPartialText(singly(broken))));
	expect(error).toBe(broken);
	expect(error.retryable).toBe(true);
});

test('any other error becomes a provider error with its cause', async () => {
	const broken = new TypeError('x is not a function');
	const error = await providerErrorOf(() => collect(withPartialText(singly(HEL, broken))));
	expect(error.kind).toBe('protocol');
	expect(error.cause).toBe(broken);
	expect(error.details.partialText).toBe('Hel');
});

test('text that arrived before the failure was handed on', async () => {
	const seen: ProviderChunk[] = [];
	const broken = new ProviderError('network', 'Lost');
	await providerErrorOf(async () => {
		for await (const chunk of withPartialText(singly(HEL, LO, broken))) seen.push(chunk);
	});
	expect(seen).toEqual([HEL, LO]);
});

test('the chunks of a piece come out one by one, and leaving between them ends the source', async () => {
	const { state, stream } = watched([HEL, LO], [HEL]);
	const seen: ProviderChunk[] = [];
	for await (const chunk of withPartialText(stream)) {
		seen.push(chunk);
		if (seen.length === 2) break;
	}
	expect(seen).toEqual([HEL, LO]);
	expect(state).toEqual({ taken: 1, ended: true });
});

test('leaving early ends the source', async () => {
	const { state, stream } = watched([HEL], [LO]);
	for await (const chunk of withPartialText(stream)) {
		expect(chunk).toBe(HEL);
		break;
	}
	expect(state).toEqual({ taken: 1, ended: true });
});

test('an answer of exactly the largest size passes', async () => {
	expect(await collect(withPartialText(singly(HEL, LO), 5))).toEqual([HEL, LO]);
});

test('a larger one is refused, with the text until then, and ends its source', async () => {
	const { state, stream } = watched([HEL], [LO], [HEL]);
	const error = await providerErrorOf(() => collect(withPartialText(stream, 4)));
	expect(error).toMatchObject({ kind: 'refused', details: { partialText: 'Hel' } });
	expect(error.message).toContain('4 bytes');
	expect(state).toEqual({ taken: 2, ended: true });
});

test('the size is that of the text in UTF-8, reasoning included', async () => {
	const chunks: ProviderChunk[] = [
		{ type: 'reasoning', text: '€' },
		{ type: 'text', text: '€' },
	];
	expect(await collect(withPartialText(singly(...chunks), 6))).toEqual(chunks);
	expect((await providerErrorOf(() => collect(withPartialText(singly(...chunks), 5)))).kind).toBe(
		'refused',
	);
});
