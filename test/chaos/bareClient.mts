/**
 * How many seconds a bare client takes for as many requests at a time: what this machine can do at this
 * moment, whatever else runs on it.
 */
export async function bareSeconds(
	url: string,
	prompts: readonly string[],
	atATime: number,
): Promise<number> {
	const start = performance.now();
	const waiting = [...prompts];
	const worker = async () => {
		for (let prompt = waiting.shift(); prompt !== undefined; prompt = waiting.shift()) {
			await ask(url, prompt);
		}
	};
	await Promise.all(Array.from({ length: atATime }, worker));
	return (performance.now() - start) / 1000;
}

async function ask(url: string, content: string): Promise<string> {
	const response = await fetch(`${url}/chat/send2/`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ type: 'chat', messagesHistory: [{ from: 'you', content }] }),
	});
	return await response.text();
}
