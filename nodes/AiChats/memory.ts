import { NodeConnectionTypes } from 'n8n-workflow';

import { asObject } from '../../providers/decode/json';
import type { Message, Role } from '../../providers/types';
import { abortError } from '../../transport/networkError';
import { unlessAborted } from '../../transport/signals';
import { fieldError } from '../shared/fields';
import type { ItemRun } from './ItemRun';

/** What n8n's memory sub-nodes supply: a LangChain memory that gives messages back. */
interface SuppliedMemory {
	loadMemoryVariables(values: object): Promise<unknown>;
	saveContext(input: { input: string }, output: { output: string }): Promise<void>;
}

const MEMORY = NodeConnectionTypes.AiMemory;
const ROLES: Record<string, Role> = { human: 'user', ai: 'assistant', system: 'system' };

/** The memory connected to the node, if there is one. @throws NodeOperationError for one of no use */
export async function openMemory(run: ItemRun): Promise<ConversationMemory | undefined> {
	if (!run.hasMemory) return undefined;
	const opening = run.context.getInputConnectionData(MEMORY, run.itemIndex);
	const supplied = await unlessAborted(opening, run.signal);
	if (supplied === undefined || supplied === null) return undefined;
	if (isMemory(supplied)) return new ConversationMemory(run, supplied);
	throw fieldError(run, 'The connected memory cannot be used', 'Connect a memory node of n8n.');
}

function isMemory(supplied: unknown): supplied is SuppliedMemory {
	const { loadMemoryVariables, saveContext } = Object(supplied) as Partial<SuppliedMemory>;
	return typeof loadMemoryVariables === 'function' && typeof saveContext === 'function';
}

/** A conversation that a connected memory sub-node keeps. Stop ends it, however long the sub-node hangs. */
export class ConversationMemory {
	constructor(
		private readonly run: ItemRun,
		private readonly memory: SuppliedMemory,
	) {}

	/**
	 * The turns so far, as many as the sub-node lets through.
	 * @throws NodeOperationError when they cannot be read
	 */
	async load(): Promise<Message[]> {
		const { signal } = this.run;
		try {
			return toMessages(await unlessAborted(this.memory.loadMemoryVariables({}), signal));
		} catch (error) {
			if (signal.aborted) throw abortError(signal);
			throw fieldError(
				this.run,
				'The memory could not be read',
				`Check the connected memory node. It said: ${reasonOf(error)}`,
			);
		}
	}

	/** Adds a turn. The answer is there and paid for: a failure does not lose it, but is shown as a hint. */
	async save(prompt: string, answer: string): Promise<void> {
		const { signal } = this.run;
		try {
			const output = withoutThinking(answer);
			const saving = this.memory.saveContext({ input: prompt }, { output });
			await unlessAborted(saving, signal);
		} catch (error) {
			if (signal.aborted) throw abortError(signal);
			this.run.hint(`The answer could not be saved in the memory: ${reasonOf(error)}`);
		}
	}

	/**
	 * Adds the turn of a kept answer again where the memory has lost it, as one does that ends with its process.
	 * It may also have the turn without showing it any more: that it is empty, or ends with a turn that was put
	 * back, tells a lost one.
	 */
	async restore(prompt: string, answer: string, remembered: readonly Message[]): Promise<void> {
		const text = withoutThinking(answer);
		const last = remembered.at(-1)?.content;
		const isLost = last === undefined || (last !== text && this.run.restored.has(last));
		if (!isLost) return;
		this.run.restored.add(text);
		await this.save(prompt, answer);
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The messages, under whichever key the sub-node keeps them; tool calls of an agent are left out. */
function toMessages(variables: unknown): Message[] {
	const turns: unknown[] = Object.values(asObject(variables) ?? {}).find(Array.isArray) ?? [];
	return turns.flatMap((turn) => {
		const message = asObject(turn) ?? {};
		const role = ROLES[typeOf(message)];
		const text = textOf(message['content']);
		const content = role === 'assistant' ? withoutThinking(text) : text;
		return role === undefined || content === '' ? [] : [{ role, content }];
	});
}

/** LangChain's name for who said it; older versions have the method under another name. */
function typeOf(message: Record<string, unknown>): string {
	const method = message['getType'] ?? message['_getType'];
	return typeof method === 'function' ? String(method.call(message)) : '';
}

/** The text of a turn; agents keep some in parts, of which not all are text. */
function textOf(content: unknown): string {
	const parts: unknown[] = Array.isArray(content) ? content : [content];
	const texts = parts.map((part) => asObject(part)?.['text'] ?? part);
	return texts.filter((text) => typeof text === 'string').join('');
}

/**
 * An answer without the thinking in front of it, which other nodes may have saved with it: models should
 * not see it again, and it costs tokens.
 */
function withoutThinking(text: string): string {
	return text.replace(/^\s*<think>[^]*?<\/think>\s*/, '');
}
