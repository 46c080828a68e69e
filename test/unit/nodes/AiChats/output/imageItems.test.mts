import { expect, test } from 'vitest';

import { imageItems } from '../../../../../nodes/AiChats/output/imageItems.ts';
import type { Reply } from '../../../../../providers/collectReply.ts';
import { itemRun } from '../../../../support/itemRun.mts';

const REPLY: Reply = {
	text: '',
	reasoning: '',
	toolCalls: [],
	images: [],
	revisedPrompts: [],
	fragments: 0,
};

test('each picture is an item, paired with its input', () => {
	const binary = { data: { data: 'id', mimeType: 'image/png' } };
	const pictures = [{ json: { fileName: 'a.png' }, binary }, { json: { url: 'https://a/b.png' } }];
	const items = imageItems(itemRun({}, {}, 2), pictures, { prompt: 'a cat' }, REPLY);
	expect(items).toEqual([
		{ json: { prompt: 'a cat', fileName: 'a.png' }, binary, pairedItem: { item: 2 } },
		{ json: { prompt: 'a cat', url: 'https://a/b.png' }, pairedItem: { item: 2 } },
	]);
	expect('binary' in items[1]!).toBe(false);
});

test('revised prompts go to their pictures', () => {
	const reply = { ...REPLY, revisedPrompts: [undefined, 'a grey cat'] };
	const items = imageItems(itemRun({}), [{ json: {} }, { json: {} }], {}, reply);
	expect(items.map(({ json }) => json)).toEqual([{}, { revisedPrompt: 'a grey cat' }]);
});
