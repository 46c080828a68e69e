import { expect, test } from 'vitest';

import type { Message } from '../../../../providers/messages.ts';
import { askForRepair, instruct } from '../../../../providers/structured/instruct.ts';

const SYSTEM: Message = { role: 'system', content: 'Be brief.' };
const USER: Message = { role: 'user', content: 'Hi', images: [{ mimeType: 'a/b', base64: '' }] };

test('for text nothing is said', () => {
	const messages = [SYSTEM, USER];
	expect(instruct(messages, { type: 'text' })).toBe(messages);
});

test('the words stand in a system message of their own', () => {
	const [system, ...rest] = instruct([USER], { type: 'json_object' });
	expect(system?.role).toBe('system');
	expect(system?.content).toMatch(/one JSON object/);
	expect(rest).toEqual([USER]);
});

test('where there is one, they stand behind what it says', () => {
	const [system, ...rest] = instruct([SYSTEM, USER], { type: 'json_object' });
	expect(system?.content).toMatch(/^Be brief\.\n\n.*JSON/);
	expect(rest).toEqual([USER]);
});

test('a schema is given in full', () => {
	const schema = { type: 'object', required: ['a'] };
	const [system] = instruct([], { type: 'json_schema', name: 'x', schema });
	expect(system?.content).toContain(JSON.stringify(schema));
});

test('the conversation given is not changed', () => {
	const messages = [structuredClone(SYSTEM), structuredClone(USER)];
	instruct(messages, { type: 'json_object' });
	askForRepair(messages, 'no', 'it is not JSON');
	expect(messages).toEqual([SYSTEM, USER]);
});

test('a repair is asked for behind the answer, with the reason', () => {
	const [first, answer, request] = askForRepair([USER], 'no', 'it is not JSON');
	expect([first, answer]).toEqual([USER, { role: 'assistant', content: 'no' }]);
	expect(request?.role).toBe('user');
	expect(request?.content).toContain('it is not JSON');
});
