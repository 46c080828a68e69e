import { NodeConnectionTypes } from 'n8n-workflow';

import type { Message, Role } from '../../../providers/messages';
import type { ItemRun } from '../run/ItemRun';

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

const ROLES: Record<string, Role> = { human: 'user', ai: 'assistant', system: 'system' };

/** The memory connected to the node, if there is one. As a tool of an agent the node has no such input. */
export async function openMemory({
	context,
	itemIndex,
}: ItemRun): Promise<ConversationMemory | undefined> {
	const connectionType = NodeConnectionTypes.AiMemory;
	const connected = context.getParentNodes(context.getNode().name, { connectionType, depth: 1 });
	if (connected.length === 0) return undefined;
	const supplied = await context.getInputConnectionData(connectionType, itemIndex);
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
		return role === undefined || typeof turn.content !== 'string' || turn.content === ''
			? []
			: [{ role, content: turn.content }];
	});
}
