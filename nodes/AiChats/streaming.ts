import type { ChunkType } from 'n8n-workflow';

import { unlessAborted } from '../../transport/signals';
import type { NodeError } from '../shared/toNodeError';
import type { ItemRun } from './ItemRun';

type OnText = (text: string) => Promise<void>;
type Produce<Result> = (onText?: OnText) => Promise<Result>;

/**
 * Passes an answer's fragments on through n8n's own streaming, if the execution streams. When the answer
 * fails, its stream stays open: see `endBrokenStream`.
 */
export async function streamedOutput<Result>(
	run: ItemRun,
	produce: Produce<Result>,
): Promise<Result> {
	if (!streams(run)) return await produce();
	return run.context.getNode().retryOnFail === true
		? await passOnAfterwards(run, produce)
		: await passOn(run, produce);
}

/**
 * Ends the stream of a failed answer with an error, so that nobody takes what has arrived for the complete
 * answer. Only for a run that continues: if the error stops the workflow, n8n sends the same text itself.
 */
export async function endBrokenStream(run: ItemRun, error: NodeError): Promise<void> {
	if (!run.streaming) return;
	run.streaming = false;
	const { description, message } = error;
	try {
		await send(run, 'error', description ? `${message}. ${description}` : message);
	} catch {
		// A reader that cannot take the end of its stream must not fail the other items.
	}
}

/** An agent's stream is for the agent's own text. */
function streams(run: ItemRun): boolean {
	const { enableStreaming = true } = run.options<{ enableStreaming?: boolean }>();
	// Older versions of n8n have no streaming.
	return enableStreaming && !run.isTool && run.context.isStreaming?.() === true;
}

async function passOn<Result>(run: ItemRun, produce: Produce<Result>): Promise<Result> {
	await send(run, 'begin');
	run.streaming = true;
	const result = await produce(async (text) => await send(run, 'item', text));
	run.streaming = false;
	await send(run, 'end');
	return result;
}

/** Waits until the chunk has been taken. Stop ends the wait, however long the reader hangs. */
async function send(
	{ context, itemIndex, signal }: ItemRun,
	type: ChunkType,
	...content: string[]
): Promise<void> {
	await unlessAborted(context.sendChunk(type, itemIndex, ...content), signal);
}

/** With n8n's Retry On Fail the node may run again: what had been passed on before would arrive twice. */
async function passOnAfterwards<Result>(run: ItemRun, produce: Produce<Result>): Promise<Result> {
	const fragments: string[] = [];
	const result = await produce(async (text) => void fragments.push(text));
	await passOn(run, async (onText) => await onText?.(fragments.join('')));
	return result;
}
