import type { INodeParameters, StructuredChunk } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { failureOf, stoppingErrorOf } from './failure.mts';
import { model, openAiChat, openAiImage } from './parameters.mts';
import { bodies } from './sent.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const UP = '[[text value="up and away"]]';

/** Chat with the models a, b and c, without retries. */
function chain(prompt: string, options: INodeParameters = {}, more: INodeParameters = {}) {
	return openAiChat(`${prompt} ${UP}`, {
		...model('a'),
		options: { fallbackModels: ['b', 'c'], maxRetries: 0, ...options },
		...more,
	});
}

/** A status that the stand-in answers for one model. */
function down(name: string, code = 503): string {
	return `[[status code=${code} model=${name}]]`;
}

describe('Fallback Models', () => {
	const bench = useBench();
	const asked = () => bodies(bench()).map(({ model: name }) => name);

	it('are not asked where the chosen model answers', async () => {
		const run = await bench().run(chain('kite'));
		expect(run.items(NODE)[0]?.json).toMatchObject({ text: 'up and away', model: 'a' });
		expect(run.items(NODE)[0]?.json).not.toHaveProperty('fallbackFrom');
		expect(asked()).toEqual(['a']);
		expect(run.hints(NODE)).toEqual([]);
	});

	it('are asked in order, after the retries; the item says who answered and why', async () => {
		const prompt = `kite [[status code=503 retry-after=0 model=a]] ${down('b', 429)}`;
		const run = await bench().run(chain(prompt, { maxRetries: 1, maxRetryDelay: 0.01 }));
		const [item, ...others] = run.items(NODE);
		expect(others).toEqual([]);
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(item?.json).toMatchObject({
			text: 'up and away',
			model: 'c',
			fallbackFrom: [
				{ model: 'a', error: expect.stringMatching(/status 503: The service is overloaded/) },
				{ model: 'b', error: expect.stringContaining('status 429') },
			],
		});
		expect(asked()).toEqual(['a', 'a', 'b', 'b', 'c']);
		expect(run.hints(NODE).map(({ message }) => message)).toContain(
			"The fallback model 'c' answered in place of 'a' (The service answered with status 503), 'b' (The service answered with status 429)",
		);
	});

	it.each([
		['status 408', down('a', 408)],
		['status 500', down('a', 500)],
		['a connection that is reset', '[[reset model=a]]'],
		['a stream that ends before its first word', '[[empty-stream model=a]]'],
		['an error in an answer with status 200', '[[error-200 model=a]]'],
		['a time limit', '[[stall model=a]]'],
	])('help against %s', async (_, directive) => {
		const run = await bench().run(chain(`kite ${directive}`, { firstByteTimeout: 0.3 }));
		expect(run.items(NODE)[0]?.json).toMatchObject({ text: 'up and away', model: 'b' });
		expect(asked()).toEqual(['a', 'b']);
	});

	it('help against a model that the server does not have, for every item of a run', async () => {
		const items = Array.from({ length: 30 }, (_, id) => ({ json: { id } }));
		const parameters = chain('kite', {}, model('no-such-model'));
		const run = await bench().run(parameters, items);
		expect(run.items(NODE).map(({ json }) => json['model'])).toEqual(items.map(() => 'b'));
		expect(run.items(NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		expect(run.hints(NODE).map(({ message }) => message)).toContain(
			"The fallback model 'b' answered in place of 'no-such-model' (The service answered with status 404) (30 of 30 items)",
		);
	});

	it('help against a prompt that is too long, which makes no model rest', async () => {
		const long = '[[status code=400 body=context model=a]]';
		const items = [long, long, long, long, ''].map((directive) => ({ json: { directive } }));
		const parameters = chain('=kite {{ $json.directive }}', { parallelRequests: 1 });
		const run = await bench().run(parameters, items);
		const models = run.items(NODE).map(({ json }) => json['model']);
		expect(models).toEqual(['b', 'b', 'b', 'b', 'a']);
	});

	it.each([
		['a wrong key', down('a', 401)],
		['a request that the service does not take', down('a', 400)],
		['an account without credit', down('a', 402)],
		['a captcha', '[[captcha model=a]]'],
	])('do not help against %s', async (_, directive) => {
		const failure = await failureOf(bench(), chain(`kite ${directive}`));
		expect(failure.details.attempts).toBe(1);
		expect(failure.details.description).not.toContain('models failed, too');
		expect(asked()).toEqual(['a']);
	});

	it('are not asked once a word has arrived, streamed or not', async () => {
		const failure = await failureOf(bench(), chain('kite [[reset-after fragments=2 model=a]]'));
		expect(failure.details).toMatchObject({ kind: 'truncated', partialText: 'up and' });
		expect(asked()).toEqual(['a']);
	});

	it('answer in a stream that has a single beginning and end', async () => {
		const chunks: StructuredChunk[] = [];
		await bench().run(chain(`kite ${down('a')}`), undefined, {
			onChunk: (chunk) => void chunks.push(chunk),
		});
		const own = chunks.filter(({ metadata }) => metadata.nodeName === NODE);
		expect(own.map(({ content = '' }) => content).join('')).toBe('up and away');
		expect(own.map(({ type }) => type).filter((type) => type !== 'item')).toEqual(['begin', 'end']);
	});

	it('that all fail leave the error of the first, a line about the others and all attempts', async () => {
		const failure = await failureOf(
			bench(),
			chain(`kite ${down('a')} ${down('b', 500)} ${down('c', 403)}`),
		);
		expect(failure.message).toBe('The service answered with status 503');
		expect(failure.details).toMatchObject({ kind: 'http', status: 503, attempts: 3 });
		expect(failure.details.description).toContain(
			"The other models failed, too: 'b' (The service answered with status 500), 'c' (The service answered with status 403).",
		);
	});

	const rowsOf = async (prompt: string) => {
		const items = Array.from({ length: 20 }, (_, id) => ({ json: { id } }));
		const parameters = chain(prompt, { parallelRequests: 1 });
		const run = await bench().run(parameters, items, { onError: 'continueRegularOutput' });
		return run.items(NODE).map(({ json }) => json);
	};

	it('whose last meets a wrong key end the run after ten items, and 20 items come out', async () => {
		const rows = await rowsOf(`kite ${down('a')} ${down('b', 401)}`);
		// After three rows the first one rests.
		expect(asked().join('')).toBe('ababab' + 'b'.repeat(7));
		const message = 'The service answered with status 401';
		expect(rows[0]).toMatchObject({ id: 0, error: message, errorDetails: { attempts: 2 } });
		expect(JSON.stringify(rows[0])).toContain(
			"The other models failed, too: 'a' (The service answered with status 503).",
		);
		expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, id) => id));
		expect(rows.map(({ error }) => error)).toEqual([
			...Array.from({ length: 10 }, () => message),
			...Array.from({ length: 10 }, () => `Not sent: ${message}`),
		]);
		expect(rows[10]).toMatchObject({ errorDetails: { kind: 'limit', attempts: 0 } });
	});

	it.each([
		['a wrong key', down('b', 401), 'The service answered with status 401'],
		['a lack of credit', down('b', 402), 'The service answered with status 503'],
	])('whose last meets %s once leave the next items to the first', async (_, last, message) => {
		const prompt = `={{ $json.id === 0 ? "kite ${down('a')} ${last}" : "kite" }}`;
		const rows = await rowsOf(prompt);
		expect(asked()).toEqual(['a', 'b', ...Array.from({ length: 19 }, () => 'a')]);
		expect(rows.map(({ error }) => error)).toEqual([
			message,
			...Array.from({ length: 19 }, () => undefined),
		]);
	});

	it('whose last meets a captcha report it', async () => {
		const failure = await failureOf(bench(), chain(`kite ${down('a')} [[captcha model=b]]`));
		expect(failure.details).toMatchObject({ kind: 'blocked', attempts: 2 });
		expect(failure.details.description).toContain('Solve the captcha');
	});

	it('whose last meets a wrong key stop a workflow with that error', async () => {
		const parameters = chain(`kite ${down('a')} ${down('b', 401)}`, { parallelRequests: 1 });
		const error = await stoppingErrorOf(bench(), parameters, [{ json: {} }, { json: {} }]);
		expect(error.message).toBe('The service answered with status 401');
		expect(error.description).toContain('Check the API key');
		expect(asked()).toEqual(['a', 'b']);
	});

	it('that failed three items in a row rest; the items say so, and none is lost', async () => {
		const items = Array.from({ length: 10 }, (_, id) => ({ json: { id } }));
		const run = await bench().run(chain(`kite ${down('a')}`, { parallelRequests: 1 }), items);
		expect(run.items(NODE)).toHaveLength(10);
		for (const { json } of run.items(NODE)) {
			expect(json).toMatchObject({
				model: 'b',
				fallbackFrom: [{ model: 'a', error: expect.stringContaining('status 503') }],
			});
		}
		expect(asked().filter((name) => name === 'a')).toHaveLength(3);
		expect(asked().filter((name) => name === 'b')).toHaveLength(10);
	});

	it('belong to what makes rows alike: others may answer', async () => {
		const items = [['b'], ['c'], ['b']].map((list) => ({ json: { list } }));
		const options = { fallbackModels: '={{ $json.list }}', answerRepeatsOnce: true };
		const run = await bench().run(chain(`kite ${down('a')}`, options), items);
		expect(run.items(NODE).map(({ json }) => json['model'])).toEqual(['b', 'c', 'b']);
		expect(asked().sort()).toEqual(['a', 'a', 'b', 'c']);
	});

	it('are not asked after Stop', async () => {
		const running = bench().start(chain('kite [[stall model=a]]'));
		await expect.poll(asked).toEqual(['a']);
		running.cancel();
		expect((await running.finished).status).toBe('canceled');
		expect(asked()).toEqual(['a']);
	});

	it('that rest are asked last, so that the first may help when all others fail', async () => {
		const others = `${down('b')} ${down('c')}`;
		const items = [down('a'), down('a'), down('a'), others].map((who) => ({ json: { who } }));
		const run = await bench().run(chain('=kite {{ $json.who }}', { parallelRequests: 1 }), items);
		expect(run.items(NODE).map(({ json }) => json['model'])).toEqual(['b', 'b', 'b', 'a']);
		expect(asked().slice(-3)).toEqual(['b', 'c', 'a']);
	});

	it('repair the JSON that they wrote themselves', async () => {
		const prompt = `kite ${down('a')} [[ignore-response-format style=broken times=1 model=b]]`;
		const json = { responseFormat: 'example', jsonExample: '{"word":"up"}' };
		const run = await bench().run(
			openAiChat(prompt, {
				...model('a'),
				...json,
				options: { fallbackModels: ['b', 'c'], maxRetries: 0 },
			}),
		);
		expect(run.items(NODE)[0]?.json).toMatchObject({
			model: 'b',
			output: { word: expect.any(String) },
		});
		expect(asked()).toEqual(['a', 'b', 'b']);
	});

	it('draw, too', async () => {
		const prompt = `kite ${down('gpt-image-1')}`;
		const options = { fallbackModels: ['', ' dall-e-3 ', 'gpt-image-1'], maxRetries: 0 };
		const run = await bench().run(openAiImage(prompt, { options }));
		const [item] = run.items(NODE);
		expect((await run.binary(item!)).equals(await drawn('kite'))).toBe(true);
		expect(item?.json).toMatchObject({
			model: 'dall-e-3',
			fallbackFrom: [{ model: 'gpt-image-1', error: expect.stringContaining('status 503') }],
		});
		expect(asked()).toEqual(['gpt-image-1', 'dall-e-3']);
	});

	it('do not draw again what has arrived broken', async () => {
		const prompt = 'kite [[bytes total=9000]] [[cut after=3000 model=gpt-image-1]]';
		const parameters = openAiImage(prompt, { options: { fallbackModels: ['dall-e-3'] } });
		const failure = await failureOf(bench(), parameters);
		expect(failure.details.kind).toBe('truncated');
		expect(asked()).toEqual(['gpt-image-1']);
	});

	it('must be texts', async () => {
		const failure = await failureOf(bench(), chain('kite', { fallbackModels: '={{ [{}] }}' }));
		expect(failure.message).toContain("'Fallback Models' must be a list of texts");
	});
});
