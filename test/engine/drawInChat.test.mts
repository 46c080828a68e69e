import { describe, expect, it } from 'vitest';

import { drawn, itemWithImages } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { model, openAiImage } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const GEMINI = model('google/gemini-2.5-flash-image');

describe('Image with a model that draws in its chat', () => {
	const bench = useBench();
	const paths = () =>
		bench()
			.service.requests.filter(({ method }) => method === 'POST')
			.map(({ path }) => path.replace('/v1', ''));
	const draw = (prompt: string, more: object = {}) => openAiImage(prompt, { ...GEMINI, ...more });

	it.each([
		['beside the text', ''],
		['among the parts of the content', ' [[place where=content]]'],
		['as links', ' [[url kind=absolute]]'],
		['in Markdown, as links', ' [[place where=markdown]]'],
		['in Markdown, as data URLs', ' [[place where=markdown]] [[url kind=data]]'],
	])('takes an image %s', async (_, directives) => {
		const run = await bench().run(draw(`a red kite${directives}`));
		const [item, ...others] = run.items(NODE);
		expect(others).toEqual([]);
		expect(item?.json).toMatchObject({ mimeType: 'image/png', width: 48, height: 32 });
		expect(item?.json['text']).toContain('a red kite');
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect((await run.binary(item!)).equals(await drawn('a red kite'))).toBe(true);
	});

	it('asks the endpoint for images once, and the chat for the rest of the run', async () => {
		const input = ['one', 'two', 'three'].map((prompt) => ({ json: { prompt } }));
		const options = { parallelRequests: 1 };
		const run = await bench().run(draw('={{ $json.prompt }}', { options }), input);
		expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		expect(paths()).toEqual(['/images/generations', ...Array(3).fill('/chat/completions')]);
		expect(bodies(bench())[1]).toMatchObject({
			modalities: ['image', 'text'],
			messages: [{ role: 'user', content: expect.stringContaining('one') }],
		});
	});

	it.each(['binary', 'both', 'url'])(
		'does the same where its images are links in Markdown, with the output %s',
		async (imageOutput) => {
			const input = ['one', 'two'].map((prompt) => ({ json: { prompt } }));
			const prompt = '={{ $json.prompt }} [[place where=markdown]]';
			const options = { parallelRequests: 1 };
			const run = await bench().run(draw(prompt, { options, imageOutput }), input);
			expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
			]);
			expect(paths()).toEqual(['/images/generations', ...Array(2).fill('/chat/completions')]);
		},
	);

	it.each(['binary', 'both', 'url'])(
		'does not take a link that the model made up for an image, with the output %s',
		async (imageOutput) => {
			const made = `${bench().service.url}/made-up.png`;
			const input = [{ json: {} }, { json: {} }];
			const prompt = `kite [[text value="See ![a kite](${made})"]]`;
			const options = { parallelRequests: 1 };
			const parameters = draw(prompt, { options, imageOutput });
			const run = await bench().run(parameters, input, { onError: 'continueRegularOutput' });
			expect(run.items(NODE).map(({ json }) => json['error'])).toEqual(
				input.map(() => expect.stringContaining('404')),
			);
			// What was made up does not teach that the model draws in its chat.
			expect(paths().filter((path) => path.startsWith('/images'))).toHaveLength(2);
		},
	);

	it('gives an item for each of several images', async () => {
		const run = await bench().run(
			draw('kites [[images count=2]]', { options: { fileName: 'kites' } }),
		);
		expect(run.items(NODE).map(({ json }) => json['fileName'])).toEqual([
			'kites.png',
			'kites-2.png',
		]);
	});

	it('asks for the aspect ratio, and says what a chat cannot say', async () => {
		const options = { aspectRatio: '16:9', quality: 'high' };
		const run = await bench().run(draw('a red kite', { options }));
		expect(bodies(bench()).at(-1)).toMatchObject({ image_config: { aspect_ratio: '16:9' } });
		const note = { note: 'as 16:9' };
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite', note))).toBe(
			true,
		);
		expect(run.hints(NODE).map(({ message }) => message)).toContainEqual(
			expect.stringContaining("does not take 'quality'"),
		);
	});

	it('sends the images to edit along', async () => {
		const item = await itemWithImages({ photo: { width: 4, height: 3 } });
		const run = await bench().run(draw('more wind', { sourceFields: 'photo' }), [item]);
		const bytes = Buffer.from(item.binary['photo']!.data, 'base64').length;
		const note = { note: `${bytes} bytes came in` };
		expect(paths()).toEqual(['/images/edits', '/chat/completions']);
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('more wind', note))).toBe(
			true,
		);
	});

	it('asks a model that only draws for images alone', async () => {
		const run = await bench().run(draw('a red kite', model('only-in-chat')));
		expect(bodies(bench()).map((body) => body['modalities'])).toEqual([
			undefined,
			['image', 'text'],
			['image'],
		]);
		expect((await run.binary(run.items(NODE)[0]!)).equals(await drawn('a red kite'))).toBe(true);
	});

	it('quotes a text that comes instead', async () => {
		const failure = await failureOf(bench(), draw('kite [[text value="I do not draw people."]]'));
		expect(failure).toMatchObject({
			message: "The model 'google/gemini-2.5-flash-image' returned text instead of an image",
			details: { kind: 'refused', description: expect.stringContaining('I do not draw people.') },
		});
	});
});
