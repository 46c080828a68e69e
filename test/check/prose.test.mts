import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { checkText, type Text } from '../../tools/prose/checkText.mts';
import { documentTexts } from '../../tools/prose/documentTexts.mts';
import { interfaceTexts } from '../../tools/prose/interfaceTexts.mts';

const ROOT = path.resolve(import.meta.dirname, '../..');

function text(content: string, dialect: Text['dialect'] = 'British'): Text {
	return { place: 'page.md', content, language: 'markdown', dialect };
}

describe('The check of spelling and grammar', () => {
	it.each([
		['a misspelt word', 'The nodde draws an image.'],
		['a wrong article', 'It needs a API key.'],
		['a wrong article before the name n8n', 'It is a n8n node.'],
		['a word twice', 'It draws the the image.'],
		['American spelling in a document', 'It shows the color.'],
	])('finds %s', async (_what, content) => {
		expect(await checkText(text(content))).toHaveLength(1);
	});

	it('tells place, line and words', async () => {
		const [mistake] = await checkText(text('# A page\n\nThe nodde draws.'));
		expect(mistake).toMatch(/^page\.md:3 "nodde": /);
	});

	it.each(['An n8n node draws images of 20 MB.', 'It shows the colour of `the the nodde`.'])(
		'has nothing against: %s',
		async (content) => expect(await checkText(text(content))).toEqual([]),
	);

	it('wants American spelling in the editor', async () => {
		expect(await checkText(text('Its color', 'American'))).toEqual([]);
		expect(await checkText(text('Its colour', 'American'))).toHaveLength(1);
	});
});

describe('What `npm run lint:prose` reads', () => {
	it('is every page and the notes of every example, and what is hidden too', async () => {
		const places = (await documentTexts(ROOT)).map(({ place }) => place);
		expect(places).toEqual(expect.arrayContaining(['README.md', 'docs/security.md']));
		expect(places).toContain('.github/pull_request_template.md');
		expect(places).toContainEqual(expect.stringMatching(/^examples\/chat-and-image\.json /));
	});

	it.each([
		['a field', 'Requests in Parallel'],
		['a description', 'Minimum delay between starting two items'],
		['an option', 'Binary File and URL'],
		['a hint', 'The name of the output binary field to put the file in'],
		['an action', 'Generate an image'],
		['a placeholder', 'A lighthouse at dusk, watercolor'],
		['a field of a credential', 'Ignore SSL Issues (Insecure)'],
		['a row of a credential', 'research'],
	])('is %s of the editor', (_what, words) => {
		expect(interfaceTexts().map(({ content }) => content)).toContain(words);
	});
});
