import { describe, it } from 'vitest';

import { createChatAndImage, expectChatAndImage } from './chatAndImage.mts';
import { useLab } from './useLab.mts';

/** What must work in every n8n that the package supports. */
describe('The packed package in n8n', () => {
	const lab = useLab('smoke');

	it('chats and draws', async () => {
		await expectChatAndImage(lab(), await createChatAndImage(lab()));
	});
});
