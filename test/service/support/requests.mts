import type { LocalService } from '../../../dev/service/index.mts';

type Headers = Record<string, string>;

export async function post(url: string, body: unknown, headers: Headers = {}, init = {}) {
	return await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
		...init,
	});
}

export function chatBody(content: string, type = 'chat') {
	return { type, messagesHistory: [{ from: 'you', content }] };
}

export async function chat(
	{ url }: LocalService,
	prompt: string,
	headers: Headers = {},
	init = {},
) {
	return await post(`${url}/chat/send2/`, chatBody(prompt), headers, init);
}

export function completionBody(prompt: string, more: object = {}) {
	return { model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...more };
}

export async function complete({ url }: LocalService, prompt: string, more: object = {}) {
	return await post(`${url}/v1/chat/completions`, completionBody(prompt, more));
}

/** The URL that an Ai-Chats image request is answered with. */
export async function imageUrl({ url }: LocalService, prompt: string): Promise<string> {
	const response = await post(`${url}/chat/send2/`, chatBody(prompt, 'image'));
	const { data } = (await response.json()) as { data: Array<{ url: string }> };
	return data[0]?.url ?? '';
}

export async function fetchImage(service: LocalService, prompt: string, init = {}) {
	return await fetch(await imageUrl(service, prompt), init);
}
