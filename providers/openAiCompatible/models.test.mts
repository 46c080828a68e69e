import fc from 'fast-check';
import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import {
	json,
	type MemoryAnswer,
	MemoryTransport,
	page,
} from '../../test/support/memoryTransport.mts';
import { CAPTCHA_PAGE, PLAIN_PAGE } from '../../test/support/pages.mts';
import { ProviderError } from '../errors.ts';
import type { Outgoing } from '../http/sendFollowing.ts';
import type { ModelKind } from '../types.ts';
import { listModels } from './models.ts';

async function models(answer: MemoryAnswer, kind: ModelKind = 'chat'): Promise<string[]> {
	const transport = new MemoryTransport([answer]);
	const send = async (request: Outgoing) =>
		await transport.send({ ...request, authenticated: true });
	return await listModels('https://a', kind, send);
}

test.each([
	['as data', { object: 'list', data: [{ id: 'b' }, { id: 'a' }] }],
	['as models', { models: [{ name: 'b' }, { model: 'a' }] }],
	['bare', [{ id: 'b' }, { id: 'a' }]],
	['as names', { data: ['b', 'a'] }],
	['with what is no model', { data: [null, { id: 'b' }, 7, {}, { id: '' }, { id: 'a' }] }],
	['as models, with empty data', { data: null, models: ['b', 'a'] }],
])('a list %s is sorted', async (_form, value) => {
	expect(await models(json(value))).toEqual(['a', 'b']);
});

test('an empty list says to enter the ID', async () => {
	const error = await providerErrorOf(() => models(json({ data: [] })));
	expect(error).toMatchObject({ kind: 'protocol', message: 'The server lists no models' });
	expect(error.details.explanation).toContain("Enter the model's ID");
});

test('a model that is listed twice is one', async () => {
	expect(await models(json({ data: ['b', 'a', 'b'] }))).toEqual(['a', 'b']);
});

test('where the ID is an address, the name is what requests want', async () => {
	const entry = { id: 'azureml://registries/x/models/a/versions/1', name: 'a' };
	expect(await models(json([entry]))).toEqual(['a']);
});

test.each([
	[404, true],
	[500, true],
	[401, false],
	[429, false],
])('a list that fails with the status %i gives advice on the ID: %j', async (status, isAdvised) => {
	const send = () => Promise.reject(new ProviderError('http', 'x', { status }));
	const error = await providerErrorOf(() => listModels('https://a', 'chat', send));
	expect(error.details.explanation?.includes("Enter the model's ID") ?? false).toBe(isAdvised);
});

test('for Image, those that draw come first', async () => {
	const data = [
		'gpt-4o',
		'flux.1',
		'whisper-1',
		'dall-e-3',
		'sd3',
		'gpt-image-1',
		'a',
		'seedream-4',
		'cogview-4',
		'nano-banana',
		'sd-cpp-local',
	];
	const drawing = [
		'cogview-4',
		'dall-e-3',
		'flux.1',
		'gpt-image-1',
		'nano-banana',
		'sd-cpp-local',
		'sd3',
		'seedream-4',
	];
	expect(await models(json({ data }), 'image')).toEqual([...drawing, 'a', 'gpt-4o', 'whisper-1']);
});

test.each([
	['nothing', json(''), 'protocol'],
	['no list', json({ data: {} }), 'protocol'],
	['a number', json(7), 'protocol'],
	['broken JSON', json('{"data":['), 'protocol'],
	['a page', page(PLAIN_PAGE), 'protocol'],
	['a captcha', page(CAPTCHA_PAGE), 'blocked'],
])('%s is an error', async (_what, answer, kind) => {
	expect((await providerErrorOf(() => models(answer))).kind).toBe(kind);
});

test('an error in the place of a list is told', async () => {
	const error = await providerErrorOf(() =>
		models(json({ error: { message: 'No s3cret-value' } })),
	);
	expect(error.details.serviceMessage).toBe('No s3cret-value');
});

test('a list may not grow without end', async () => {
	const chunks = Array.from({ length: 17 }, () => new Uint8Array(1024 * 1024).fill(0x20));
	expect((await providerErrorOf(() => models({ chunks }))).kind).toBe('refused');
});

test('no model is lost or made up, for neither kind', async () => {
	const name = fc.oneof(fc.string({ minLength: 1 }), fc.constant('dall-e-2'));
	const names = fc.uniqueArray(name, { minLength: 1 });
	await fc.assert(
		fc.asyncProperty(names, fc.constantFrom('chat', 'image'), async (data, kind) => {
			expect((await models(json({ data }), kind as ModelKind)).sort()).toEqual([...data].sort());
		}),
	);
});
