import { expect, test } from 'vitest';

import { post } from './support/requests.mts';
import { openService } from './support/service.mts';

const model = 'gpt-4o-mini';

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
