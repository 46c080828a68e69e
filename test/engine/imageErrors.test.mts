import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { failureOf, stoppingErrorOf } from './failure.mts';
import { image, model, once } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

const NO_SERVICE = /Check that the base URL in the credential belongs to this kind of service/;
const TRY_AGAIN = /The connection closed too early: run the node again/;

/** Directive; message; kind and more of errorDetails; what the description says. */
const FAULTS: Array<[string, string, object, RegExp]> = [
	[
		'no-data',
		'Unexpected response format: no images',
		{ kind: 'protocol', status: 200 },
		/The service said: \{/,
	],
	[
		'empty-array',
		'Unexpected response format: no images',
		{ kind: 'protocol' },
		/The service said: \{"data":\[\]\}/,
	],
	[
		'no-url',
		'No image URL found in the response',
		{ kind: 'protocol' },
		/The service said: \{"data":\[\{"note":"the image is being made"\}\]\}/,
	],
	['broken-json', 'The service sent broken JSON', { kind: 'protocol' }, NO_SERVICE],
	['error-200', 'The service reports an error', { kind: 'http' }, /The server is overloaded/],
	['array-error', 'The service reports an error', { kind: 'http' }, /The server is overloaded/],
	['captcha', 'The service asks for a captcha', { kind: 'blocked' }, /own session cookie/],
	[
		'empty',
		'The service sent an empty answer instead of an image',
		{ kind: 'protocol' },
		/Choose a model that generates images, or check the base URL/,
	],
	[
		'status code=429',
		'The service answered with status 429',
		{ kind: 'http', status: 429 },
		/wait a while/,
	],
	[
		'wrong-type',
		'The service answered with a web page',
		{ kind: 'protocol' },
		/The service said: Image not available/,
	],
	['svg', 'The service sent something that is not an image', { kind: 'protocol' }, /<svg/],
	[
		'expired',
		"The image's link answered with status 403",
		{ kind: 'http', status: 403 },
		/run the node again to get a new one.*Request has expired/,
	],
	[
		'gone',
		"The image's link answered with status 404",
		{ kind: 'http', status: 404 },
		/run the node again to get a new one.*Not found/,
	],
	['no-image', 'The image is empty', { kind: 'protocol' }, NO_SERVICE],
	['cut on=image', 'The answer broke off', { kind: 'truncated' }, TRY_AGAIN],
	['reset-after on=image', 'The answer broke off', { kind: 'truncated' }, TRY_AGAIN],
	[
		'image-redirect to=file',
		'The service sent a link that is not http(s)',
		{ kind: 'refused' },
		/The link: file:/,
	],
	[
		'image-redirect to=loop',
		'The service redirects more than 5 times',
		{ kind: 'protocol' },
		NO_SERVICE,
	],
];

const LINKS: Array<[string, string]> = [
	['file:///etc/passwd', 'is not http(s)'],
	['ftp://example.com/kite.png', 'is not http(s)'],
	['javascript:alert(1)', 'is not http(s)'],
	[
		'http://169.254.169.254/latest/meta-data/',
		'leads to a link-local address or a metadata service',
	],
	['http://[fe80::1]/kite.png', 'leads to a link-local address or a metadata service'],
	['http://[::ffff:169.254.169.254]/', 'leads to a link-local address or a metadata service'],
	['http://[64:ff9b::a9fe:a9fe]/', 'leads to a link-local address or a metadata service'],
	['http://100.100.100.200/', 'leads to a link-local address or a metadata service'],
	[
		'http://metadata.google.internal/kite.png',
		'leads to a link-local address or a metadata service',
	],
	['https://user:secret@example.com/kite.png', 'holds a password'],
	['http://', 'is not a URL'],
];

describe('When Image with Ai-Chats fails', () => {
	const bench = useBench();

	it.each(FAULTS)('%s', async (directive, message, details, advice) => {
		const failure = await failureOf(bench(), image(`kite [[${directive}]]`, { options: once }));
		expect(failure.message).toBe(message);
		expect(failure.details).toMatchObject(details);
		expect(failure.details.description).toMatch(advice);
	});

	it.each(['binary', 'url', 'both'])('refuses unsafe links for the output %s', async (kind) => {
		for (const [link, reason] of LINKS) {
			const prompt = `kite [[link value=${JSON.stringify(link)}]]`;
			const failure = await failureOf(bench(), image(prompt, { imageOutput: kind }));
			expect(failure.message).toBe(`The service sent a link that ${reason}`);
			expect(failure.details.kind).toBe('refused');
			expect(failure.details.description).not.toContain('secret');
		}
		expect(bench().service.requests).toHaveLength(LINKS.length);
	});

	it.each([
		['stall', 'firstByteTimeout', 'No answer began within 1 second'],
		['stall-after', 'idleTimeout', 'The answer paused longer than 1 second'],
	])('ends an image with %s by the option %s', async (directive, limit, message) => {
		const options = { ...once, [limit]: 1 };
		const parameters = image(`kite [[${directive} on=image]]`, { options });
		const failure = await failureOf(bench(), parameters);
		expect(failure).toMatchObject({ message, details: { kind: 'timeout' } });
	});

	it.each(['bytes total=1048577', 'bytes total=1048577]] [[url kind=data'])(
		'refuses an image over the largest size: %s',
		async (directive) => {
			const options = { maxImageSize: 1 };
			const failure = await failureOf(bench(), image(`kite [[${directive}]]`, { options }));
			expect(failure.message).toBe('The image is larger than 1 MB');
			expect(failure.details.kind).toBe('refused');
		},
	);

	it('takes an image of exactly the largest size', async () => {
		const parameters = image('kite [[bytes total=1048576]]', { options: { maxImageSize: 1 } });
		const run = await bench().run(parameters);
		expect(run.items(NODE)[0]?.json['bytes']).toBe(1_048_576);
	});

	it('calls a mislabelled image what it is', async () => {
		const run = await bench().run(image('kite [[mislabelled]]', { options: { fileName: 'kite' } }));
		const [item] = run.items(NODE);
		expect(item?.json).toMatchObject({ fileName: 'kite.jpg', mimeType: 'image/jpeg' });
		expect((await run.binary(item!)).equals(await drawn('kite', { type: 'jpeg' }))).toBe(true);
	});

	it('says so when the model is one that chats', async () => {
		const error = await stoppingErrorOf(bench(), image('kite', model('gpt-4')));
		expect(error).toMatchObject({
			message: "The model 'gpt-4' returned text instead of an image",
			description: expect.stringContaining("set 'Operation' to Chat"),
			context: { itemIndex: 0 },
		});
	});
});

describe('An image that breaks off', () => {
	const userFolder = `/tmp/n8n-cut-${process.pid}`;
	const bench = useBench({ engine: { userFolder } });

	it.each(['cut', 'reset-after'])('is no item and leaves no file: %s', async (directive) => {
		const run = await bench().run(image(`kite [[${directive} on=image]]`, { options: once }));
		expect(run.status).toBe('error');
		const files = await readdir(userFolder, { recursive: true, withFileTypes: true });
		expect(files.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
	});
});
