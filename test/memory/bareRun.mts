/**
 * Asks for an image with Node's own client and throws every chunk away: by how much that alone raises
 * the process's memory. Arguments and output as imageRun.mts, for the provider Ai-Chats.
 */
import { once } from 'node:events';
import { get } from 'node:http';

import type { ImageRun } from './imageRun.mts';
import { settle, watchMemory } from './watchMemory.mts';

const [baseUrl = '', warmUp = '', measured = '', mode = ''] = process.argv.slice(2);

async function download(parameters: string): Promise<number> {
	const { prompt } = JSON.parse(parameters) as { prompt: string };
	const messagesHistory = [{ from: 'you', content: prompt }];
	const answer = await fetch(`${baseUrl}/chat/send2/`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ type: 'image', messagesHistory }),
	});
	const { data } = (await answer.json()) as { data: [{ url: string }] };
	const [response] = await once(get(data[0].url), 'response');
	let bytes = 0;
	for await (const chunk of response) bytes += chunk.length;
	return bytes;
}

for (let round = 0; round < 5; round++) await download(warmUp);
await settle();
const memory = watchMemory(mode === 'collecting');
const fileBytes = await download(measured);
const result: ImageRun = { ...memory.stop(), fileBytes };
console.log(JSON.stringify(result));
