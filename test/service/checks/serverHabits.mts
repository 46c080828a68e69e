import { expect } from 'vitest';

import { complete } from '../support/requests.mts';
import type { Check, Checks } from './check.mts';

const schema = { type: 'object', properties: { title: { type: 'string' } } };
const format = { type: 'json_schema', json_schema: { name: 'thing', schema } };

/** With the field 400, without it 200. */
function refuses(name: string, field: string, value: unknown): Check {
	return async (service) => {
		const refused = await complete(service, `a [[${name}]]`, { [field]: value });
		expect(refused.status).toBe(400);
		const error = { code: 'unsupported_parameter', param: field };
		expect(await refused.json()).toMatchObject({ error });
		expect((await complete(service, `a [[${name}]]`)).status).toBe(200);
	};
}

async function contentFor(...parameters: Parameters<typeof complete>): Promise<string> {
	const answer = (await (await complete(...parameters)).json()) as {
		choices: Array<{ message: { content: string } }>;
	};
	return answer.choices[0]?.message.content ?? '';
}

export const serverHabitChecks: Checks = {
	'refuse-stream': refuses('refuse-stream', 'stream', true),
	'refuse-stream-options': refuses('refuse-stream-options', 'stream_options', {}),
	'refuse-max-completion-tokens': refuses(
		'refuse-max-completion-tokens',
		'max_completion_tokens',
		10,
	),
	'refuse-max-tokens': refuses('refuse-max-tokens', 'max_tokens', 10),
	'refuse-response-format': refuses('refuse-response-format', 'response_format', format),
	'refuse-seed': refuses('refuse-seed', 'seed', 7),
	'refuse-cache-control': async (service) => {
		const mark = { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } };
		const question = { role: 'user', content: 'a [[refuse-cache-control]]' };
		const ask = async (content: unknown) =>
			await complete(service, '', { messages: [{ role: 'system', content }, question] });
		expect((await ask([mark])).status).toBe(400);
		expect((await ask('Be kind.')).status).toBe(200);
	},
	'ignore-response-format': async (service) => {
		const more = { response_format: format };
		const fenced = await contentFor(service, 'a [[ignore-response-format style=fence]]', more);
		expect(fenced).toMatch(/^Here is.*```json\n\{"title":"a"\}\n```/s);
		const broken = await contentFor(service, 'a [[ignore-response-format style=broken]]', more);
		expect(broken).toBe('{"title":"a"');
	},
	'refuse-part': async (service) => {
		const part = { type: 'file', file: { filename: 'a.pdf', file_data: 'data:a/b;base64,QQ==' } };
		const ask = async (type: string) => {
			const text = { type: 'text', text: `a [[refuse-part type=${type}]]` };
			const messages = [{ role: 'user', content: [text, part] }];
			return await complete(service, '', { messages });
		};
		const refused = await ask('file');
		expect(refused.status).toBe(400);
		expect(await refused.json()).toMatchObject({ error: { code: 'invalid_value' } });
		expect((await ask('input_audio')).status).toBe(200);
	},
	'no-models': async (service) => {
		const headers = { 'x-stand-in': 'no-models' };
		expect((await fetch(`${service.url}/v1/models`, { headers })).status).toBe(404);
		expect((await fetch(`${service.url}/v1/models`)).status).toBe(200);
	},
};
