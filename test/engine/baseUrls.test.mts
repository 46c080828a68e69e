import { describe, expect, it } from 'vitest';

import { createEngine } from '../../dev/engine/index.mts';
import { once, openAiChat, openAiImage } from './parameters.mts';
import { NODE, NODE_PACKAGE, oneNode } from './support.mts';
import { useBench } from './useBench.mts';

/** Where `<base>` is scheme, host and port. */
const SPELLINGS = [
	'<base>',
	'<base>/',
	'<base>/v1',
	'<base>/v1/',
	'<base>/v1//',
	' <base>/v1 ',
	'<base>/v1/chat/completions',
	'<base>/v1/chat/completions/',
	'<base>/chat/completions',
	'<base>/v1/models',
	'<base>/v1/images/generations',
	'<base>/images/edits',
	'<base>/v1?key=1#top',
	'<host>',
	'<host>/v1',
	'<upper>/v1',
];

describe('Base URLs of an OpenAI-compatible server', () => {
	const bench = useBench();

	it.each(SPELLINGS)('%s works for chat, images and models', async (spelling) => {
		const { url } = bench().service;
		const baseUrl = spelling
			.replace('<base>', url)
			.replace('<host>', url.replace('http://', ''))
			.replace('<upper>', url.replace('http', 'HTTP'));
		const type = 'aiChatsOpenAiCompatibleApi';
		const engine = await createEngine({
			package: NODE_PACKAGE,
			credentials: { [type]: { type, data: { baseUrl } } },
		});
		try {
			const chatRun = await engine.run(oneNode(openAiChat('a red kite', { options: once })));
			expect(chatRun.items(NODE)[0]?.json['text']).toContain('a red kite');
			const imageRun = await engine.run(oneNode(openAiImage('a red kite', { options: once })));
			expect(imageRun.items(NODE)[0]?.json['mimeType']).toBe('image/png');
			const [node] = oneNode(openAiChat('')).nodes.slice(1);
			const { results } = await engine.searchList(node!, 'searchModels');
			expect(results.map(({ value }) => value)).toContain('gpt-4o-mini');
			expect(await engine.testCredential(type, { baseUrl })).toMatchObject({ status: 'OK' });
		} finally {
			await engine.close();
		}
	});
});
