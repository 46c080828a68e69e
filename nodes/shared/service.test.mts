import type { IExecuteFunctions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { AiChats } from '../../providers/aiChats/AiChats.ts';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible.ts';
import { failureOf, providerErrorOf } from '../../test/support/failure.mts';
import { strict } from '../../test/support/strictContext.mts';
import { networkSettings } from './network.ts';
import { openService, RunServices } from './service.ts';

const SETTINGS = networkSettings({});
type Resolve = (itemIndex: number) => object;

/** A context whose credential is resolved for an item as n8n does it. */
function contextOf(resolve: Resolve) {
	const reads: Array<[type: string, itemIndex: number]> = [];
	const context = strict<IExecuteFunctions>('context', {
		getCredentials: async (type: string, itemIndex: number) => {
			reads.push([type, itemIndex]);
			return resolve(itemIndex);
		},
	});
	return { reads, context };
}

test('Ai-Chats is opened with its credential', async () => {
	const credential = { baseUrl: ' http://localhost:8080/ ', sessionCookieSecret: 'a=hunter22' };
	const { reads, context } = contextOf(() => credential);
	const service = await openService(context, 'aiChats', SETTINGS, 2);
	const { provider } = service.provider();
	expect(provider).toBeInstanceOf(AiChats);
	expect(provider.url).toBe('http://localhost:8080');
	expect(service.redact('not hunter22')).toBe('not *****');
	expect(reads).toEqual([['aiChatsApi', 2]]);
});

test('an OpenAI-compatible server is opened with its credential', async () => {
	const credential = { baseUrl: 'http://localhost:8080/v1', apiKey: 'hunter22' };
	const { reads, context } = contextOf(() => credential);
	const service = await openService(context, 'openAiCompatible', SETTINGS);
	expect(service.provider().provider).toBeInstanceOf(OpenAiCompatible);
	expect(service.redact('not hunter22')).toBe('not *****');
	expect(reads).toEqual([['aiChatsOpenAiCompatibleApi', 0]]);
});

test.each([{}, { baseUrl: '' }, { baseUrl: 'ftp://a' }, { baseUrl: 7 }])(
	'a credential with %j cannot work',
	async (credential) => {
		const { context } = contextOf(() => credential);
		const error = await providerErrorOf(async () =>
			(await openService(context, 'aiChats', SETTINGS)).provider(),
		);
		expect(error.kind).toBe('refused');
	},
);

describe('the services of a run', () => {
	const TENANTS = ['alice-1', 'bob-2', 'alice-1', 'carol-3'];

	function open(resolve: Resolve, count = TENANTS.length) {
		const { reads, context } = contextOf(resolve);
		return { reads, services: new RunServices(context, 'openAiCompatible', SETTINGS, count) };
	}

	const ofTenant = (apiKey: string | undefined) => ({ baseUrl: 'https://a.example', apiKey });

	test('a credential without expressions is read no more often for many items than for a few', async () => {
		const { reads, services } = open(() => ofTenant('one-key'), 1000);
		const opened = await Promise.all([0, 1, 999].map((index) => services.open(index)));
		expect(new Set(opened).size).toBe(1);
		expect(reads).toHaveLength(2);
	});

	test('for a single item it is read once', async () => {
		const { reads, services } = open(() => ofTenant('one-key'), 1);
		await services.open(0);
		await services.open(0);
		expect(reads).toEqual([['aiChatsOpenAiCompatibleApi', 0]]);
	});

	test.each<[string, Resolve]>([
		['looks at the item', (index) => ofTenant(TENANTS[index])],
		['calculates with the index', (index) => ofTenant(TENANTS[index + 0])],
		[
			'compares the index with the first',
			(index) => ofTenant(index === 0 ? 'alice-1' : TENANTS[+index]),
		],
	])('one that %s is resolved for each item', async (_, resolve) => {
		const { services } = open(resolve);
		const opened = await Promise.all(TENANTS.map((_tenant, index) => services.open(index)));
		const text = TENANTS.join(' ');
		expect(opened.map(({ redact }) => redact(text))).toEqual(
			TENANTS.map((tenant) => text.replaceAll(tenant, '*****')),
		);
		// What is learnt of a tenant's server stays with that tenant.
		expect(opened[0]).toBe(opened[2]);
		expect(opened[0]).not.toBe(opened[1]);
		expect(services.redact(text)).toBe('***** ***** ***** *****');
	});

	test('where n8n cannot resolve it for the stand-in of an index, it is resolved for each item', async () => {
		const { services } = open((index) => {
			if (typeof index !== 'number') throw new TypeError('could not be cloned');
			return ofTenant(TENANTS[index]);
		});
		expect((await services.open(1)).redact('bob-2 carol-3')).toBe('***** carol-3');
	});

	test('an item whose expression breaks fails alone, in the words of n8n', async () => {
		const { services } = open((index) => {
			if (Number(index) === 1) throw new Error('tenant is not defined');
			return ofTenant(TENANTS[index]);
		});
		expect(await failureOf(() => services.open(1))).toMatchObject({
			message: 'tenant is not defined',
		});
		expect((await services.open(3)).redact('carol-3')).toBe('*****');
	});

	test('a credential that cannot be read fails every item', async () => {
		const sealed = new Error('The vault is sealed');
		for (const count of [1, 3]) {
			const { services } = open(() => {
				throw sealed;
			}, count);
			expect(await failureOf(() => services.open(0))).toBe(sealed);
			expect(await failureOf(() => services.open(count - 1))).toBe(sealed);
		}
	});
});
