import { expect, test } from 'vitest';

import { apiBase } from '../../../../providers/openAiCompatible/endpoints.ts';
import { providerErrorOf } from '../../../support/failure.mts';

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
])('%j is the base %j', (written, base) => {
	expect(apiBase(written)).toBe(base);
});

test.each(['', 'ftp://a/v1', 'file:///v1/models', 'http://', 'https://user:hunter22@a/v1'])(
	'%j is refused',
	async (written) => {
		expect((await providerErrorOf(() => apiBase(written))).kind).toBe('refused');
	},
);
