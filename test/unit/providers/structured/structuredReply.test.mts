import { expect, test } from 'vitest';

import type { Usage } from '../../../../providers/chunks.ts';
import type { Reply } from '../../../../providers/collectReply.ts';
import { ProviderError } from '../../../../providers/errors.ts';
import type { Message } from '../../../../providers/messages.ts';
import { structuredReply } from '../../../../providers/structured/structuredReply.ts';
import { providerErrorOf } from '../../../support/failure.mts';

const MESSAGES: Message[] = [{ role: 'user', content: 'Hi' }];

function reply(text: string, usage?: Usage): Reply {
	const empty = { reasoning: '', toolCalls: [], images: [], revisedPrompts: [], fragments: 1 };
	return { ...empty, text, ...(usage === undefined ? {} : { usage }) };
}

/** Asks for an object, and gets these answers in their order. */
function asking(...answers: Array<Reply | Error>) {
	const asked: Array<readonly Message[]> = [];
	const result = structuredReply(MESSAGES, { type: 'json_object' }, async (messages) => {
		asked.push(messages);
		const next = answers.shift();
		if (next === undefined || next instanceof Error) throw next ?? new Error('Asked too often');
		return next;
	});
	return { asked, result };
}

test('an answer that fits is asked for once', async () => {
	const { asked, result } = asking(reply('Sure: {"a":1}', { totalTokens: 3 }));
	expect(await result).toEqual({ ...reply('Sure: {"a":1}', { totalTokens: 3 }), output: { a: 1 } });
	expect(asked).toEqual([MESSAGES]);
});

test('one that does not is sent back once, with the reason', async () => {
	const { asked, result } = asking(reply('[]'), reply('{"a":1}'));
	expect(await result).toMatchObject({ text: '{"a":1}', output: { a: 1 } });
	expect(asked[1]?.slice(0, 2)).toEqual([...MESSAGES, { role: 'assistant', content: '[]' }]);
	expect(asked[1]?.[2]?.content).toContain('must be object');
});

test.each<[Usage | undefined, Usage | undefined, Usage | undefined]>([
	[
		{ totalTokens: 3, cachedTokens: 1 },
		{ totalTokens: 4, promptTokens: 2 },
		{ totalTokens: 7, cachedTokens: 1, promptTokens: 2 },
	],
	[{ totalTokens: 3 }, undefined, { totalTokens: 3 }],
	[undefined, { totalTokens: 4 }, { totalTokens: 4 }],
	[undefined, undefined, undefined],
])('both are paid for: %j and %j are %j', async (first, second, sum) => {
	const { usage } = await asking(reply('no', first), reply('{}', second)).result;
	expect(usage).toEqual(sum);
});

test('a second answer that does not fit is an error that carries it', async () => {
	const { asked, result } = asking(reply('no'), reply('[7]'));
	const error = await providerErrorOf(() => result);
	expect(error).toMatchObject({ kind: 'protocol', details: { partialText: '[7]' } });
	expect(error.details.explanation).toContain('must be object');
	expect(asked).toHaveLength(2);
});

test('a failure is passed on as it is', async () => {
	const lost = new ProviderError('network', 'Lost');
	expect(await providerErrorOf(() => asking(lost).result)).toBe(lost);
	expect(await providerErrorOf(() => asking(reply('no'), lost).result)).toBe(lost);
});
