import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { itemRun } from '../../../test/support/itemRun.mts';
import { readChatOptions } from './chat.operation.ts';

const TEXT = { type: 'text' } as const;

function read(options?: Record<string, unknown>) {
	return readChatOptions(itemRun(options === undefined ? {} : { options }), TEXT);
}

test('without options there are the limits, the format and a signal', () => {
	const { signal, ...rest } = read();
	expect(signal).toBeInstanceOf(AbortSignal);
	expect(rest).toEqual({
		nativeTurns: undefined,
		maxAnswerSize: 10 * 1024 * 1024,
		chat: { stop: [], responseFormat: TEXT },
		extraBody: {},
	});
});

test('what is set goes along, zero and false included', () => {
	const tuning = { temperature: 0, topP: 0.5, maxTokens: 7, seed: 0, reasoningEffort: 'low' };
	const options = read({ ...tuning, nativeTurns: false, maxAnswerSize: 0.5 });
	expect(options.chat).toMatchObject(tuning);
	expect(options).toMatchObject({ nativeTurns: false, maxAnswerSize: 512 * 1024 });
});

test('empty stop sequences are left out, white space is one', () => {
	expect(read({ stop: ['', '\n', 'END', ''] }).chat?.stop).toEqual(['\n', 'END']);
});

test.each([
	['{"a":1}', { a: 1 }],
	[{ a: 1 }, { a: 1 }],
	['', {}],
])('the extra body %j is %j', (extraBody, fields) => {
	expect(read({ extraBody }).extraBody).toEqual(fields);
});

test.each(['{', '[]', 'null', 7])('the extra body %j is refused', (extraBody) => {
	expect(() => read({ extraBody })).toThrow(NodeOperationError);
});
