import type { Figures } from '../figures.mts';
import { type Recipe, type ResponseMode, webhookWorkflow } from '../workflows/node.mts';
import type { Bench } from './Bench.mts';
import { webhookPath } from './runWorkflow.mts';

export interface StreamedRun {
	name: string;
	recipe: Recipe;
	responseMode: ResponseMode;
	/** The only item. */
	item: string;
}

/**
 * Calls a webhook and waits for the first words of the answer: the first of the JSON lines that n8n
 * streams with content, or, where nothing is streamed, the answer itself.
 * @throws Error when no word comes
 */
export async function firstFragment(
	bench: Bench,
	{ name, recipe, responseMode, item }: StreamedRun,
): Promise<Figures> {
	const n8n = await bench.n8n();
	const path = webhookPath(`${name} ${responseMode}`);
	await n8n.workflow(path, webhookWorkflow(recipe, path, responseMode));
	await n8n.settle();
	const started = performance.now();
	const response = await fetch(`${n8n.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ items: [item] }),
	});
	if (!response.ok || response.body === null) {
		throw new Error(`The webhook answered ${response.status}: ${await response.text()}`);
	}
	let first: number | undefined;
	let text = '';
	const decoder = new TextDecoder();
	for await (const bytes of response.body) {
		text += decoder.decode(bytes, { stream: true });
		if (first === undefined && hasWords(text, responseMode)) first = performance.now() - started;
	}
	if (responseMode === 'lastNode') first = performance.now() - started;
	if (first === undefined) throw new Error(`No word came: ${text}`);
	return { first, whole: performance.now() - started };
}

/** A whole line that brings some of the answer; others tell that a node begins or ends. */
function hasWords(text: string, responseMode: ResponseMode): boolean {
	if (responseMode === 'lastNode') return false;
	return text
		.split('\n')
		.slice(0, -1)
		.map((line) => JSON.parse(line) as { type: string; content?: string })
		.some(({ type, content }) => type === 'item' && content !== undefined && content !== '');
}
