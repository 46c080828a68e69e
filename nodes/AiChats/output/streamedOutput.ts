import type { ItemRun } from '../run/ItemRun';

/**
 * Passes an answer's fragments on through n8n's own streaming, where the execution streams. A failed
 * answer has no `end`: the engine sends its `error` chunk itself.
 */
export async function streamedOutput<T>(
	run: ItemRun,
	produce: (onText?: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
	const { context, itemIndex } = run;
	const { enableStreaming = true } = run.parameter<{ enableStreaming?: boolean }>('options', {});
	// The stream of an agent is for the agent's own words.
	if (!enableStreaming || run.isTool || !context.isStreaming()) return await produce();
	await context.sendChunk('begin', itemIndex);
	const result = await produce(async (text) => await context.sendChunk('item', itemIndex, text));
	await context.sendChunk('end', itemIndex);
	return result;
}
