import { NodeConnectionTypes } from 'n8n-workflow';

import { asObject } from '../../providers/decode/json';
import type { Message, Role } from '../../providers/types';
import type { ItemRun } from './ItemRun';

/** A conversation that a connected memory sub-node keeps. */
export interface ConversationMemory {
	/** The turns so far, as many as the sub-node lets through. */
	load(): Promise<Message[]>;
	/** Adds a turn. */
	save(prompt: string, answer: string): Promise<void>;
}

/** What n8n's memory sub-nodes supply: a LangChain memory that gives messages back. */
interface SuppliedMemory {
	loadMemoryVariables(values: object): Promise<Record<string, unknown>>;
	saveContext(input: { input: string }, output: { output: string }): Promise<void>;
}

interface SuppliedMessage {
	content: unknown;
	getType?(): string;
	_getType?(): string;
}

const MEMORY = NodeConnectionTypes.AiMemory;
const ROLES: Record<string, Role> = { human: 'user', ai: 'assistant', system: 'system' };

/** The memory connected to the node, if there is one. */
export async function openMemory({
	context,
	hasMemory,
	itemIndex,
}: ItemRun): Promise<ConversationMemory | undefined> {
	if (!hasMemory) return undefined;
	const supplied = await context.getInputConnectionData(MEMORY, itemIndex);
	const memory = supplied as SuppliedMemory | undefined;
	return (
		memory && {
			load: async () => toMessages(await memory.loadMemoryVariables({})),
			save: async (prompt, answer) =>
				await memory.saveContext({ input: prompt }, { output: answer }),
		}
	);
}

/** The messages, under whichever key the sub-node keeps them; tool calls of an agent are left out. */
function toMessages(variables: Record<string, unknown>): Message[] {
	const turns = Object.values(variables).find((value) => Array.isArray(value)) ?? [];
	return (turns as SuppliedMessage[]).flatMap((turn) => {
		const role = ROLES[turn.getType?.() ?? turn._getType?.() ?? ''];
		const content = textOf(turn);
		return role === undefined || content === '' ? [] : [{ role, content }];
	});
}

/** The text of a turn; agents keep some in parts, of which not all are text. */
function textOf({ content }: SuppliedMessage): string {
	const parts: unknown[] = Array.isArray(content) ? content : [content];
	const texts = parts.map((part) => asObject(part)?.['text'] ?? part);
	return texts.filter((text) => typeof text === 'string').join('');
}
