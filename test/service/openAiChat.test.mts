import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';

import { chunks, contentOf, payloads } from './support/events.mts';
import { complete, completionBody, post } from './support/requests.mts';
import { openService } from './support/service.mts';

test('a chat completion says back what was sent', async () => {
	const service = await openService();
	const messages = [
		{ role: 'developer', content: 'Be brief.' },
		{ role: 'user', content: 'Hi!' },
		{ role: 'assistant', content: 'Hello' },
		{ role: 'user', content: [{ type: 'text', text: 'a red fox' }] },
	];
	const response = await complete(service, '', { messages, unknown_field: 1 });
	const answer = (await response.json()) as ReturnType<typeof JSON.parse>;
	expect(answer).toMatchObject({ object: 'chat.completion', model: 'gpt-4o-mini' });
	const [{ message, finish_reason: reason }] = answer.choices;
	expect(reason).toBe('stop');
	expect(message.content).toMatch(
		/a red fox.*2 earlier turns; the first said: "Hi!".*"Be brief."/s,
	);
	const { prompt_tokens: sent, completion_tokens: made, total_tokens: all } = answer.usage;
	expect(sent).toBe(Math.ceil('Be brief.Hi!Helloa red fox'.length / 4));
	expect(made).toBe(Math.ceil(message.content.length / 4));
	expect(all).toBe(sent + made);
});

test('streamed it is the same text, then the reason, the usage and the end mark', async () => {
	const service = await openService();
	const more = { stream: true, stream_options: { include_usage: true } };
	const stream = await (await complete(service, 'a red fox', more)).text();
	const all = chunks(stream);
	expect(all[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
	expect(contentOf(stream)).toMatch(/^A picture of a red fox: /);
	expect(all.at(-2)?.choices[0]?.finish_reason).toBe('stop');
	expect(all.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 3 } });
	expect(payloads(stream).at(-1)).toBe('[DONE]');
	const bare = await (await complete(service, 'a', { stream: true })).text();
	expect(bare).not.toContain('usage');
});

test('images in the prompt are counted and weighed', async () => {
	const service = await openService();
	const url = `data:image/webp;base64,${Buffer.alloc(1234).toString('base64')}`;
	const content = [
		{ type: 'text', text: 'what is it?' },
		{ type: 'image_url', image_url: { url } },
		{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
	];
	const response = await complete(service, '', { messages: [{ role: 'user', content }] });
	const expected = 'It came with 2 images: image/webp of 1234 bytes, linked image of 0 bytes.';
	expect(await response.text()).toContain(expected);
});

test('files in the prompt are named, weighed and hashed', async () => {
	const service = await openService();
	const pdf = Buffer.from('%PDF-1.7 a bill').toString('base64');
	const content = [
		{
			type: 'file',
			file: { filename: 'bill.pdf', file_data: `data:application/pdf;base64,${pdf}` },
		},
		{ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
	];
	const response = await complete(service, '', { messages: [{ role: 'user', content }] });
	const sums = ['%PDF-1.7 a bill', 'RIFF'].map((text) =>
		createHash('sha256').update(text).digest('hex'),
	);
	const seen = `application/pdf "bill.pdf" of 15 bytes (SHA-256 ${sums[0]}), audio/wav of 4 bytes (SHA-256 ${sums[1]})`;
	expect(await response.json()).toMatchObject({
		choices: [{ message: { content: expect.stringContaining(`It came with 2 files: ${seen}.`) } }],
	});
});

test.for(['max_tokens', 'max_completion_tokens'])('%s cuts the words', async (field) => {
	const service = await openService();
	const response = await complete(service, 'a', { [field]: 3 });
	expect(await response.json()).toMatchObject({
		choices: [{ message: { content: 'A picture of' }, finish_reason: 'length' }],
	});
});

test('a stop sequence ends the text before it', async () => {
	const service = await openService();
	const response = await complete(service, 'a fox', { stop: [': soft', 'zebra'] });
	expect(await response.json()).toMatchObject({
		choices: [{ message: { content: 'A picture of a fox' }, finish_reason: 'stop' }],
	});
});

test('reasoning comes first, and is counted', async () => {
	const service = await openService();
	const more = { reasoning_effort: 'high', stream: true, stream_options: { include_usage: true } };
	const stream = await (await complete(service, 'a fox', more)).text();
	expect(contentOf(stream, 'reasoning_content')).toMatch(/^With high effort: .*"a fox"/);
	expect(chunks(stream)[1]?.choices[0]?.delta).toHaveProperty('reasoning_content');
	const usage = chunks(stream).at(-1)?.usage as ReturnType<typeof JSON.parse>;
	expect(usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(5);
});

test('an answer in JSON fits the schema', async () => {
	const service = await openService();
	const object = await complete(service, 'a fox', { response_format: { type: 'json_object' } });
	expect(await object.json()).toMatchObject({
		choices: [{ message: { content: '{"answer":"a fox"}' } }],
	});
});

test('an answer in JSON is about the images, where there are some', async () => {
	const service = await openService();
	const url = `data:image/png;base64,${Buffer.alloc(99).toString('base64')}`;
	const content = [{ type: 'image_url', image_url: { url } }];
	const more = { response_format: { type: 'json_object' }, messages: [{ role: 'user', content }] };
	expect(await (await complete(service, '', more)).json()).toMatchObject({
		choices: [{ message: { content: '{"answer":"image/png of 99 bytes"}' } }],
	});
});

test.for([
	['no model', { messages: [{ role: 'user', content: 'a' }] }, 400, 'model'],
	['no messages', { model: 'gpt-4' }, 400, 'messages'],
	['an empty list', { model: 'gpt-4', messages: [] }, 400, 'messages'],
	['an unknown role', { model: 'gpt-4', messages: [{ role: 'king' }] }, 400, 'messages[0].role'],
	['no such model', { ...completionBody('a'), model: 'no-such-model' }, 404, 'model'],
	['no object', 'text', 400, null],
] as const)('%s is refused in the shape of OpenAI', async ([, body, status, param]) => {
	const service = await openService();
	const response = await post(`${service.url}/v1/chat/completions`, body);
	expect(response.status).toBe(status);
	expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
});

test('routes are there without /v1, unknown ones are not', async () => {
	const service = await openService();
	const models = await (await fetch(`${service.url}/models`)).json();
	expect(models).toMatchObject({ object: 'list', data: { length: 12 } });
	const unknown = await fetch(`${service.url}/v2/chat`);
	expect(unknown.status).toBe(404);
	expect(await unknown.json()).toMatchObject({ error: { code: 'unknown_url' } });
});

test('a wrong key is refused, to this protocol only, and not repeated', async () => {
	const service = await openService({ apiKey: 'sk-right-key' });
	const url = `${service.url}/v1/models`;
	expect((await fetch(url)).status).toBe(401);
	const wrong = await fetch(url, { headers: { authorization: 'Bearer sk-wrong-key' } });
	expect(await wrong.text()).toMatch(/Incorrect API key provided: sk-\*\*\*-key/);
	expect((await fetch(url, { headers: { authorization: 'Bearer sk-right-key' } })).status).toBe(
		200,
	);
	const chat = { type: 'chat', messagesHistory: [{ from: 'you', content: 'a' }] };
	expect((await post(`${service.url}/chat/send2/`, chat)).status).toBe(200);
});
