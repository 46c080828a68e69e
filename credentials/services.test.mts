import {
	type ICredentialDataDecryptedObject,
	type INodeParameters,
	NodeHelpers,
} from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { endpointUrl } from '../providers/openAiCompatible/address.ts';
import { failureOf } from '../test/support/failure.mts';
import { AiChatsOpenAiCompatibleApi } from './AiChatsOpenAiCompatibleApi.credentials.ts';
import { SERVICES, writtenUrl } from './services.ts';

const { properties, authenticate } = new AiChatsOpenAiCompatibleApi();
const SERVICE_NAMES = Object.keys(SERVICES);

/** What n8n hands to a node of what was saved: fields that are not shown are gone, defaults are filled in. */
function read(saved: INodeParameters): ICredentialDataDecryptedObject {
	const values = NodeHelpers.getNodeParameters(properties, saved, true, false, null, null);
	return values as ICredentialDataDecryptedObject;
}

/** The names of the fields that the dialog shows for a service. */
function shown(service: string): string[] {
	const values = { service };
	return properties
		.filter((property) => NodeHelpers.displayParameter(values, property, null, null))
		.map(({ name }) => name);
}

describe('A credential that was saved before there were services', () => {
	test.each([
		[{}, 'https://api.openai.com/v1'],
		[{ baseUrl: 'http://localhost:11434' }, 'http://localhost:11434'],
		[{ baseUrl: '={{ $json.url }}' }, '={{ $json.url }}'],
	])('%j leads where it led', (saved, url) => {
		expect(writtenUrl(read(saved))).toBe(url);
	});

	test('keeps all of its fields', () => {
		const saved = { apiKey: 'a', keyHeader: 'x-api-key', organization: 'b', project: 'c' };
		expect(read(saved)).toMatchObject(saved);
	});

	test('of Ai-Chats leads to its base URL', () => {
		expect(writtenUrl({ baseUrl: ' https://ai-chats.org ' })).toBe('https://ai-chats.org');
	});
});

describe.each(SERVICE_NAMES)('%s', (service) => {
	const { url, isOwn = false, keyHeader = 'authorization' } = SERVICES[service]!;
	const own = 'https://own.example/v1';

	test('leads to its own address, whatever was typed in for another service', () => {
		expect(writtenUrl(read({ service, baseUrl: own }))).toBe(url);
		expect(writtenUrl({ service, baseUrl: own, serverUrl: '' })).toBe(url);
		const other = isOwn ? own : url;
		expect(writtenUrl(read({ service, serverUrl: own }))).toBe(other);
		expect(writtenUrl({ service, serverUrl: own })).toBe(other);
	});

	test('has the address of an API, which nothing is guessed about', () => {
		if (url === '') expect(isOwn).toBe(true);
		else expect(endpointUrl(url, '/chat/completions')).toBe(`${url}/chat/completions`);
		expect(url.startsWith('http://localhost:') || url === '').toBe(isOwn);
	});

	test('shows what it needs, and no field of another', () => {
		const names = shown(service);
		expect(names).toContain('apiKey');
		expect(names.filter((name) => name.endsWith('Notice'))).toEqual([`${service}Notice`]);
		expect(names.includes('serverUrl')).toBe(isOwn);
		expect(names.includes('organization')).toBe(service === 'openai');
		expect(names).not.toContain('baseUrl');
		expect(names).not.toContain('keyHeader');
	});

	test('gets its key in its header', async () => {
		const { headers } = await authenticate(read({ service, apiKey: 'sk-1' }), { url: own });
		const key = keyHeader === 'authorization' ? 'Bearer sk-1' : 'sk-1';
		expect(headers).toEqual({ [keyHeader]: key });
	});
});

test('Other shows the form as it was', () => {
	expect(shown('other')).toEqual([
		'service',
		'baseUrl',
		'apiKey',
		'keyHeader',
		'organization',
		'project',
		'headers',
		'proxyUrl',
		'allowUnauthorizedCerts',
	]);
});

test.each(['', undefined, null, 7, 'Ollama', 'toString', '__proto__'])(
	'%j from an expression is refused: a key should not go to a service by chance',
	async (service) => {
		const credential = { service, baseUrl: 'https://a', apiKey: 'b' } as never;
		expect(await failureOf(async () => writtenUrl(credential))).toMatchObject({
			kind: 'refused',
			message: `There is no service '${String(service)}'`,
		});
		expect(
			await failureOf(async () => await authenticate(credential, { url: 'https://a' })),
		).toMatchObject({
			kind: 'refused',
		});
	},
);
