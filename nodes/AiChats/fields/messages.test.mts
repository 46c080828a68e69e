import { NodeOperationError } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../../../test/support/failure.mts';
import { png } from '../../../test/support/images.mts';
import { itemRun } from '../../../test/support/itemRun.mts';
import { strict } from '../../../test/support/strictContext.mts';
import { readMessages } from './messages.ts';

const ROWS = [
	{ role: 'user', content: 'Hi!' },
	{ role: 'assistant', content: 'Hi! How are you?' },
];
const PROMPT = { role: 'user', content: 'Fine, thanks!' };

async function read(parameters: Record<string, unknown>) {
	return (await readMessages(itemRun({ prompt: 'Fine, thanks!', ...parameters }))).messages;
}

describe('the order', () => {
	test('only a prompt', async () => {
		expect(await read({})).toEqual([PROMPT]);
	});

	test('system message, history, prompt', async () => {
		const messages = await read({
			systemMessage: ' Be brief. ',
			historyInput: 'fields',
			'historyMessages.values': ROWS,
		});
		expect(messages).toEqual([{ role: 'system', content: 'Be brief.' }, ...ROWS, PROMPT]);
	});
});

describe('the system message', () => {
	test.each(['', '  \n'])('%j is none', async (systemMessage) => {
		expect(await read({ systemMessage })).toEqual([PROMPT]);
	});

	test.each([[null], [undefined]])('an expression that gives %j is none', async (systemMessage) => {
		expect(await read({ systemMessage })).toEqual([PROMPT]);
	});

	test('an expression that gives a number is that number', async () => {
		expect(await read({ systemMessage: 7 })).toEqual([{ role: 'system', content: '7' }, PROMPT]);
	});
});

describe('the history', () => {
	test('that is not chosen does not count', async () => {
		const filled = { 'historyMessages.values': ROWS, historyJson: JSON.stringify(ROWS) };
		expect(await read({ ...filled, historyInput: 'none' })).toEqual([PROMPT]);
		expect(await read(filled)).toEqual([PROMPT]);
	});

	test.each([
		['JSON text', JSON.stringify(ROWS)],
		['an array of an expression', ROWS],
		['rows with further fields', ROWS.map((row) => ({ ...row, id: 1 }))],
	])('as %s', async (_form, historyJson) => {
		expect(await read({ historyInput: 'json', historyJson })).toEqual([...ROWS, PROMPT]);
	});

	test.each([[''], ['[]'], [[]]])('as %j is empty', async (historyJson) => {
		expect(await read({ historyInput: 'json', historyJson })).toEqual([PROMPT]);
	});

	test('without rows is empty', async () => {
		expect(await read({ historyInput: 'fields' })).toEqual([PROMPT]);
		expect(await read({ historyInput: 'fields', 'historyMessages.values': [] })).toEqual([PROMPT]);
	});

	test.each([['{"role":"user"}'], ['"text"'], ['null'], [{}], [null], [undefined], [7]])(
		'as %j is refused',
		async (historyJson) => {
			const error = await failureOf(() => read({ historyInput: 'json', historyJson }));
			expect(error).toBeInstanceOf(NodeOperationError);
			expect((error as Error).message).toBe('The message history is not an array');
		},
	);

	test('as broken JSON is refused with the place where it breaks', async () => {
		const historyJson = '[{"role":"user","content":"Hi!"} {"role":"user","content":"Hi!"}]';
		const error = await failureOf(() => read({ historyInput: 'json', historyJson }));
		expect((error as Error).message).toBe("'Messages (JSON)' is not valid JSON");
		expect((error as NodeOperationError).description).toContain('position 33');
	});

	test('may name the roles as LangChain does, and hold text in parts', async () => {
		const historyJson = [
			{ role: 'developer', content: 'Be brief.' },
			{
				role: 'human',
				content: [
					{ type: 'text', text: 'Hi' },
					{ type: 'input_text', text: '!' },
				],
			},
			{ role: 'ai', content: [] },
		];
		expect(await read({ historyInput: 'json', historyJson })).toEqual([
			{ role: 'system', content: 'Be brief.' },
			{ role: 'user', content: 'Hi!' },
			{ role: 'assistant', content: '' },
			PROMPT,
		]);
	});

	test('of an unknown kind is refused', async () => {
		const error = await failureOf(() => read({ historyInput: 'memory' }));
		expect((error as Error).message).toBe("There is no message history 'memory'");
	});

	test.each([
		[{ role: 'bot', content: 'x' }],
		[{ role: 'user' }],
		[{ content: 'x' }],
		[{ role: 'User', content: 'x' }],
		[{ role: 'user', content: 7 }],
		[{ role: 'user', content: null }],
		[{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }],
		[{ role: 'toString', content: 'x' }],
		['text'],
		[null],
		[[]],
	])('with the entry %j is refused by its number', async (entry) => {
		const error = await failureOf(() =>
			read({ historyInput: 'json', historyJson: [...ROWS, entry] }),
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: expect.stringMatching(/^Message 3 of the history has no usable (role|content)$/),
			context: { itemIndex: 0 },
		});
		expect((error as NodeOperationError).description).toContain('role (system, user or assistant)');
	});
});

test('an empty prompt is refused', async () => {
	const error = await failureOf(() =>
		read({ prompt: '', historyInput: 'json', historyJson: ROWS }),
	);
	expect((error as Error).message).toBe("'Prompt' is empty");
});

/** An item with a picture and a note. */
const helpers = strict('helpers', {
	assertBinaryData: (_index: number, name: string) =>
		name === 'photo'
			? { mimeType: 'text/plain', data: 'id' }
			: { mimeType: 'text/plain', data: 'id', fileName: 'note.txt' },
	getBinaryDataBuffer: async (_index: number, name: string) =>
		Buffer.from(name === 'photo' ? png(1, 1) : 'Buy milk.'),
});

test('files go along with the prompt: text in words, images as they are', async () => {
	const options = { imageFields: 'note, photo', imageDetail: 'low' };
	const run = itemRun({ prompt: 'What is it?', options }, { helpers });
	const { messages, said } = await readMessages(run);
	expect(messages).toEqual([
		{
			role: 'user',
			content: 'What is it?\n\nFile: note.txt\nContent:\nBuy milk.',
			attachments: [
				{
					kind: 'image',
					mimeType: 'image/png',
					fileName: 'photo.png',
					content: { size: png(1, 1).length, read: expect.any(Function) },
					detail: 'low',
				},
			],
		},
	]);
	expect(said).toBe('What is it?\n\n[Attached: note.txt, photo.png]');
});

test('a prompt may be empty where a file is sent with it', async () => {
	const run = itemRun({ prompt: '', options: { imageFields: 'note' } }, { helpers });
	expect(await readMessages(run)).toEqual({
		messages: [{ role: 'user', content: 'File: note.txt\nContent:\nBuy milk.' }],
		said: '[Attached: note.txt]',
	});
});
