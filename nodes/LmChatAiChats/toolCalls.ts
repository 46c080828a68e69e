import {
	asObject,
	type JsonObject,
	parseJson,
	withoutUndefined,
} from '../../providers/decode/json';
import type { Message, ToolCall } from '../../providers/types';

/** What the service may want back with a call. */
interface Kept {
	call: ToolCall;
	/** What the model thought before the call; empty for nothing. */
	reasoning: string;
}

/** In UTF-16 code units: the reasoning and the calls of a long run of an agent. */
const MAX_KEPT_SIZE = 4 * 1024 * 1024;

/**
 * What came with tool calls and has no place in n8n's messages: the agent sends the calls back without
 * it, and some services refuse those (DeepSeek, Kimi: the reasoning; Gemini: a signature). The oldest go
 * when it gets too much.
 */
export class KeptCalls {
	/** By ID: servers without IDs of their own use the same ones in each answer. */
	private readonly byId = new Map<string, Kept[]>();
	private size = 0;

	keep(calls: readonly ToolCall[], reasoning: string): void {
		for (const call of calls) {
			const kept = { call, reasoning };
			const others = this.byId.get(call.id) ?? [];
			// At the end, as the latest: a Map keeps the order of insertion.
			this.byId.delete(call.id);
			this.byId.set(call.id, [...others, kept]);
			this.size += sizeOf(kept);
		}
		while (this.size > MAX_KEPT_SIZE) this.dropOldest();
	}

	private dropOldest(): void {
		const [first] = this.byId;
		const [id, [oldest, ...others]] = first as [string, [Kept, ...Kept[]]];
		if (others.length === 0) this.byId.delete(id);
		else this.byId.set(id, others);
		this.size -= sizeOf(oldest);
	}

	/** The turn with what came beside its calls. */
	restore(message: Message): Message {
		const { toolCalls = [] } = message;
		if (toolCalls.length === 0) return message;
		const found = toolCalls.map((call) => this.find(call));
		const reasoning = message.reasoning ?? found.find((kept) => kept?.reasoning)?.reasoning;
		return withoutUndefined({
			...message,
			toolCalls: toolCalls.map((call, index) => found[index]?.call ?? call),
			reasoning,
		});
	}

	/** The AI Agent 3 may name the tool after its node. */
	private find({ id, name, arguments: json }: ToolCall): Kept | undefined {
		const sent = objectIn(json);
		const same = (this.byId.get(id) ?? []).filter(({ call }) =>
			holds(sent, objectIn(call.arguments)),
		);
		return same.findLast(({ call }) => call.name === name) ?? same.at(-1);
	}
}

function sizeOf({ call, reasoning }: Kept): number {
	return call.arguments.length + JSON.stringify(call.extra ?? {}).length + reasoning.length + 100;
}

function objectIn(json: string): JsonObject {
	const parsed = parseJson(json);
	return (parsed.ok ? asObject(parsed.value) : undefined) ?? {};
}

/** Whether these are the arguments: the AI Agent 3 adds some of its own, such as the ID of the call. */
function holds(sent: JsonObject, kept: JsonObject): boolean {
	return Object.entries(kept).every(
		([name, value]) => JSON.stringify(sent[name]) === JSON.stringify(value),
	);
}

const keptByExecution = new WeakMap<AbortSignal, Map<string, KeptCalls>>();

/**
 * The calls kept for a node during an execution. The AI Agent 3 asks for a new chat model after each tool:
 * all share these. The signal of the Stop button is what an execution has one of.
 */
export function keptCallsOf(stop: AbortSignal | undefined, nodeName: string): KeptCalls {
	if (stop === undefined) return new KeptCalls();
	const ofExecution = keptByExecution.get(stop) ?? new Map<string, KeptCalls>();
	const kept = ofExecution.get(nodeName) ?? new KeptCalls();
	keptByExecution.set(stop, ofExecution.set(nodeName, kept));
	return kept;
}
