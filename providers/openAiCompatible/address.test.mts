import { expect, test } from 'vitest';

import { providerErrorOf } from '../../test/support/failure.mts';
import { ProviderError, type ProviderErrorDetails } from '../errors.ts';
import { apiBase, endpointUrl, isMissingEndpoint, readAddress, withoutVersion } from './address.ts';

test.each([
	['https://api.openai.com', 'https://api.openai.com/v1'],
	['https://api.openai.com/', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1///', 'https://api.openai.com/v1'],
	['  https://api.openai.com/v1\n', 'https://api.openai.com/v1'],
	['HTTPS://API.OpenAI.com/v1', 'https://api.openai.com/v1'],
	['https://api.openai.com:443/v1', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1?key=1#top', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/chat/completions/', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/chat/completions?x=1', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/completions', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/responses', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/embeddings', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/models', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/images/generations', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/images/edits', 'https://api.openai.com/v1'],
	['https://api.openai.com/v1/images/variations', 'https://api.openai.com/v1'],
	['api.openai.com', 'https://api.openai.com/v1'],
	['localhost:11434', 'http://localhost:11434/v1'],
	['localhost:11434/v1', 'http://localhost:11434/v1'],
	['127.0.0.1:1234', 'http://127.0.0.1:1234/v1'],
	['http://[::1]:8080/v1/', 'http://[::1]:8080/v1'],
	['https://openrouter.ai/api', 'https://openrouter.ai/api/v1'],
	['https://api.groq.com/openai/v1', 'https://api.groq.com/openai/v1'],
	['https://g.example/v1beta/openai/', 'https://g.example/v1beta/openai'],
	['https://c.example/client/v4/accounts/7/ai/v1', 'https://c.example/client/v4/accounts/7/ai/v1'],
	['https://v1.example', 'https://v1.example/v1'],
	['https://a.example/vision', 'https://a.example/vision/v1'],
	['https://a.example/proxy/chat/completions', 'https://a.example/proxy'],
	['https://a.example/chat/completions', 'https://a.example'],
	['https://r.openai.azure.com', 'https://r.openai.azure.com/openai/v1'],
	['https://r.openai.azure.com/openai/', 'https://r.openai.azure.com/openai/v1'],
	['https://r.openai.azure.com/openai/v1/', 'https://r.openai.azure.com/openai/v1'],
	[
		'https://r.openai.azure.com/openai/deployments/d?api-version=1',
		'https://r.openai.azure.com/openai/deployments/d',
	],
	[
		'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=1',
		'https://r.openai.azure.com/openai/deployments/d',
	],
	[
		'https://r.services.ai.azure.com/models?api-version=1',
		'https://r.services.ai.azure.com/models',
	],
	[
		'https://r.services.ai.azure.com/models/chat/completions',
		'https://r.services.ai.azure.com/models',
	],
	['https://models.github.ai/inference', 'https://models.github.ai/inference'],
	['https://gateway.example/models?api-version=1', 'https://gateway.example/models'],
	['https://api.anthropic.com/v1/messages', 'https://api.anthropic.com/v1'],
	['https://models.github.ai/inference/chat/completions', 'https://models.github.ai/inference'],
	[
		'https://h.cloud.databricks.com/serving-endpoints',
		'https://h.cloud.databricks.com/serving-endpoints',
	],
	['https://api.perplexity.ai', 'https://api.perplexity.ai'],
	['http://localhost:11434/api', 'http://localhost:11434/v1'],
	['http://localhost:11434/api/chat', 'http://localhost:11434/v1'],
	['https://o.example/api/generate', 'https://o.example/v1'],
	['http://localhost:3000/api', 'http://localhost:3000/api/v1'],
])('%j is the base %j', (written, base) => {
	expect(apiBase(written)).toBe(base);
});

test.each(['', 'ftp://a/v1', 'file:///v1/models', 'http://', 'https://user:hunter22@a/v1'])(
	'%j is refused',
	async (written) => {
		expect((await providerErrorOf(() => apiBase(written))).kind).toBe('refused');
	},
);

test.each([
	['https://a.example/v1?api-version=1#top', 'https://a.example/v1/chat/completions?api-version=1'],
	['https://a.example?x=1', 'https://a.example/v1/chat/completions?x=1'],
	['https://a.example/v1/chat/completions?x=1', 'https://a.example/v1/chat/completions?x=1'],
	['https://a.example/v1?', 'https://a.example/v1/chat/completions'],
	['https://a.example/v1#x?y', 'https://a.example/v1/chat/completions'],
])('at %j chat is at %j', (written, url) => {
	expect(endpointUrl(written, '/chat/completions')).toBe(url);
});

test.each([
	['https://a.example', true],
	['https://a.example/api/', true],
	['https://a.example/v1', false],
	['https://a.example/chat/completions', false],
	['https://api.perplexity.ai', false],
])('the version of %j is guessed: %j', (written, isGuessed) => {
	expect(readAddress(written).isVersionGuessed).toBe(isGuessed);
});

test('a URL without the guessed version keeps its path', () => {
	const address = readAddress('https://a.example/api');
	expect(withoutVersion(address, 'https://a.example/api/v1/models')).toBe(
		'https://a.example/api/models',
	);
	expect(withoutVersion(address, 'https://b.example/v1/x')).toBe('https://b.example/v1/x');
});

const JSON_TYPE = 'application/json';

test.each<[ProviderErrorDetails, string | undefined, boolean]>([
	[{ status: 404 }, undefined, true],
	[{ status: 404, serviceMessage: '404 page not found' }, 'text/plain', true],
	[{ status: 404, serviceMessage: 'OpenRouter' }, 'text/html', true],
	[{ status: 404, serviceMessage: 'Not Found' }, JSON_TYPE, true],
	[{ status: 404, serviceMessage: 'File Not Found' }, JSON_TYPE, true],
	[{ status: 404, serviceMessage: 'Invalid URL (POST /x)' }, JSON_TYPE, true],
	[{ status: 405, serviceMessage: 'Method Not Allowed' }, JSON_TYPE, true],
	[{ status: 404, serviceMessage: "model 'x' not found" }, JSON_TYPE, false],
	[{ status: 404, serviceMessage: 'Not Found', code: 'model_not_found' }, JSON_TYPE, false],
	[{ status: 404, serviceMessage: 'Not Found', parameter: 'model' }, JSON_TYPE, false],
	[{ status: 400 }, undefined, false],
])('%j of the type %j is a missing endpoint: %j', (details, contentType, isMissing) => {
	expect(isMissingEndpoint(new ProviderError('http', 'x', details), contentType)).toBe(isMissing);
});
