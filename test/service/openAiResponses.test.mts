import { expect, test } from 'vitest';

import { post } from './support/requests.mts';
import { typeOf } from './support/png.mts';
import { openService } from './support/service.mts';

const model = 'gpt-4o-mini';
const DRAWS = [{ type: 'image_generation' }];

test('a response says back what was sent, in the shape of the Responses API', async () => {
	const { url } = await openService();
	const content = [{ type: 'input_text', text: 'a red fox' }];
	const input = [
		{ role: 'user', content: 'Hi!' },
		{ role: 'user', content },
	];
	const answer = await (await post(`${url}/v1/responses`, { model, input })).json();
	expect(answer).toMatchObject({ object: 'response', status: 'completed', model });
	const [message] = answer.output;
	expect(message).toMatchObject({ type: 'message', role: 'assistant' });
	expect(message.content[0].text).toMatch(/a red fox.*1 earlier turn/s);
	expect(answer.usage.input_tokens).toBe(3);
});

test('a response to a plain string obeys its directives', async () => {
	const { url } = await openService();
	const ask = async (input: unknown, more: object = {}) =>
		await post(`${url}/responses`, { model, input, ...more });
	const verbatim = await (await ask('[[text value="yes"]]')).json();
	expect(verbatim.output[0].content[0].text).toBe('yes');
	expect((await ask('[[status code=503]]')).status).toBe(503);
	expect((await ask(undefined)).status).toBe(400);
	expect((await ask([{ role: 'nobody', content: 'a' }])).status).toBe(400);
});

test('a response that may draw brings the image in Base64, whole or streamed', async () => {
	const { url } = await openService();
	const body = { model, input: 'a fox [[size width=48 height=32]]', tools: DRAWS };
	const whole = await (await post(`${url}/v1/responses`, body)).json();
	const [call, message] = whole.output;
	expect(call).toMatchObject({ type: 'image_generation_call', status: 'completed' });
	expect(typeOf(Buffer.from(call.result, 'base64'))).toBe('png');
	expect(message.type).toBe('message');
	const streamed = await (await post(`${url}/v1/responses`, { ...body, stream: true })).text();
	expect(streamed).toContain(call.result);
});
