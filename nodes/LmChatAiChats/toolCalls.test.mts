import { expect, test } from 'vitest';

import type { Message, ToolCall } from '../../providers/types.ts';
import { KeptCalls, keptCallsOf } from './toolCalls.ts';

const call = (id: string, args: object, more: Partial<ToolCall> = {}): ToolCall => ({
	id,
	name: 'get_weather',
	arguments: JSON.stringify(args),
	...more,
});
const turn = (...toolCalls: ToolCall[]): Message => ({ role: 'assistant', content: '', toolCalls });
const signed = (id: string, args: object) => call(id, args, { extra: { signature: id } });

test('a turn gets back what came beside its calls', () => {
	const kept = new KeptCalls();
	kept.keep([signed('a', { city: 'Oslo' }), call('b', {})], 'I need both.');
	expect(kept.restore(turn(call('a', { city: 'Oslo' }), call('b', {})))).toEqual({
		...turn(signed('a', { city: 'Oslo' }), call('b', {})),
		reasoning: 'I need both.',
	});
});

test('other calls and turns without calls stay as they are', () => {
	const kept = new KeptCalls();
	kept.keep([signed('a', { city: 'Oslo' })], 'hm');
	const others: Message[] = [
		{ role: 'user', content: 'Hi' },
		turn(call('b', { city: 'Oslo' })),
		turn(call('a', { city: 'Rome' })),
	];
	expect(others.map((message) => kept.restore(message))).toEqual(others);
});

test('arguments that an agent added to a call are left out again', () => {
	const kept = new KeptCalls();
	kept.keep([signed('a', { city: 'Oslo' })], '');
	const sent = turn(call('a', { city: 'Oslo', id: 'a', tool: 'get_weather' }));
	expect(kept.restore(sent)).toEqual(turn(signed('a', { city: 'Oslo' })));
});

test('a call that an agent named after the node of its tool gets its name back', () => {
	const kept = new KeptCalls();
	kept.keep([signed('a', {})], '');
	const named = turn(call('a', {}, { name: 'Weather' }));
	expect(kept.restore(named)).toEqual(turn(signed('a', {})));
	kept.keep([call('a', {}, { name: 'Weather' })], 'later');
	expect(kept.restore(named)).toMatchObject({
		reasoning: 'later',
		toolCalls: [{ name: 'Weather' }],
	});
});

test('of calls with one ID the one with the same arguments counts', () => {
	const kept = new KeptCalls();
	for (const city of ['Oslo', 'Rome', 'Bonn']) {
		kept.keep([call('call_0', { city }, { extra: { city } })], city);
	}
	const restored = kept.restore(turn(call('call_0', { city: 'Rome' })));
	expect(restored).toMatchObject({ reasoning: 'Rome', toolCalls: [{ extra: { city: 'Rome' } }] });
});

test('what the message itself says of the reasoning counts more', () => {
	const kept = new KeptCalls();
	kept.keep([signed('a', {})], 'kept');
	expect(kept.restore({ ...turn(call('a', {})), reasoning: 'sent' }).reasoning).toBe('sent');
});

test.each([
	['IDs of their own', (index: number) => `call_${index}`],
	['one ID', () => 'call_0'],
])('calls with %s take bounded memory, and the latest stays', (_name, idOf) => {
	const kept = new KeptCalls();
	const reasoning = 'x'.repeat(100_000);
	for (let index = 0; index < 1000; index += 1) {
		kept.keep([signed(idOf(index), { index })], reasoning);
	}
	const reasoningOf = (index: number) =>
		kept.restore(turn(call(idOf(index), { index }))).reasoning?.length;
	expect(reasoningOf(999)).toBe(100_000);
	expect(reasoningOf(970)).toBe(100_000);
	expect(reasoningOf(900)).toBeUndefined();
});

test('an execution shares the calls of a node, others do not see them', () => {
	const { signal } = new AbortController();
	const kept = keptCallsOf(signal, 'Model');
	expect(keptCallsOf(signal, 'Model')).toBe(kept);
	expect(keptCallsOf(signal, 'Other Model')).not.toBe(kept);
	expect(keptCallsOf(new AbortController().signal, 'Model')).not.toBe(kept);
	expect(keptCallsOf(undefined, 'Model')).not.toBe(keptCallsOf(undefined, 'Model'));
});
