import type { ToolCallDelta } from '../chunks';
import { asObject, asText, type JsonObject } from '../decode/json';

/** A call as it is told on: what its fragments are put together by. */
type Identity = Pick<ToolCallDelta, 'index' | 'id'>;

/**
 * Tool call fragments with an id on every one: servers send it only with the first fragment, some not
 * at all, and whoever puts the fragments together needs it each time.
 */
export class ToolCallIds {
	/** The calls whose fragments come now, under the server's index. */
	private readonly calls = new Map<number, Identity>();
	private readonly taken = new Set<number>();

	/** The deltas in a `tool_calls` list of a message or a delta. */
	deltas(toolCalls: unknown): ToolCallDelta[] {
		if (!Array.isArray(toolCalls)) return [];
		return toolCalls.map((call, position) => this.delta(asObject(call) ?? {}, position));
	}

	private delta(call: JsonObject, position: number): ToolCallDelta {
		const index = typeof call['index'] === 'number' ? call['index'] : position;
		const { name: given, arguments: fragment } = asObject(call['function']) ?? {};
		const name = asText(given);
		return {
			...this.identity(index, asText(call['id']), name !== undefined),
			...(name === undefined ? {} : { name }),
			arguments: typeof fragment === 'string' ? fragment : fragmentOf(fragment),
		};
	}

	/**
	 * Some servers number every call 0: there a name with an id of its own begins another call. Others
	 * send another id with each fragment: without a name it is the same call.
	 */
	private identity(index: number, id: string | undefined, isNamed: boolean): Identity {
		const known = this.calls.get(index);
		const isOther = isNamed && id !== undefined && id !== known?.id;
		if (known !== undefined && !isOther) return known;
		const free = this.freeIndex(index);
		const call = { index: free, id: id ?? `call_${free}` };
		this.calls.set(index, call);
		this.taken.add(free);
		return call;
	}

	private freeIndex(wished: number): number {
		let index = wished;
		while (this.taken.has(index)) index += 1;
		return index;
	}
}

/** Some servers send the arguments as an object instead of its JSON. */
function fragmentOf(value: unknown): string {
	return asObject(value) === undefined ? '' : JSON.stringify(value);
}
