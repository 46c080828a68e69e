import { asObject, asText, type JsonObject } from '../decode/json';

/** A call or a fragment of one, as a server sent it. */
export interface ToolCallFragment {
	/** Where the server counts its calls in a usable way. */
	index: number | undefined;
	id: string | undefined;
	name: string | undefined;
	/** Of the arguments' JSON. */
	text: string;
	/** Fields that are not known here. */
	extra: JsonObject | undefined;
}

/** Reads an entry of a `tool_calls` list (OpenAI API reference, chat). */
export function readFragment(call: JsonObject): ToolCallFragment {
	// Some servers leave the function's object out and write its fields into the call.
	const { index, id, function: nested, ...others } = call;
	const { name, arguments: written, ...unknown } = asObject(nested) ?? others;
	const extra = Object.entries(nested === undefined ? unknown : others).filter(
		([field, value]) => field !== 'type' && value !== null && value !== undefined,
	);
	return {
		index: isIndex(index) ? index : undefined,
		id: asText(id),
		name: asText(name),
		text: typeof written === 'string' ? written : fragmentOf(written),
		extra: extra.length === 0 ? undefined : Object.fromEntries(extra),
	};
}

/** Not so 1e999, which JSON.parse makes Infinity, nor what is too large to be counted up. */
function isIndex(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Some servers send the arguments as an object instead of its JSON. */
function fragmentOf(value: unknown): string {
	return asObject(value) === undefined ? '' : JSON.stringify(value);
}

export function isBlank(text: string): boolean {
	return text === '' || text.trim() === '';
}

/**
 * How far the JSON of a call's arguments has come. Every character is looked at once, however the text
 * is cut: to parse what has arrived with each fragment would take quadratic time.
 */
export class JsonProgress {
	/** Whether the value began and was closed. */
	isComplete = false;
	/** Whether the value is a string: arguments that were encoded twice. */
	isText = false;
	private begun = false;
	/** Whether the value shows where it ends: a number does not. */
	private isBracketed = false;
	private depth = 0;
	private inString = false;
	private escaped = false;

	push(fragment: string): void {
		for (let index = 0; index < fragment.length; index++) this.take(fragment[index] ?? '');
	}

	private take(character: string): void {
		if (this.inString) {
			if (this.escaped) this.escaped = false;
			else if (character === '\\') this.escaped = true;
			else if (character === '"') this.inString = false;
		} else if (character === '"') {
			this.isText ||= !this.begun;
			this.inString = true;
		} else if (character === '{' || character === '[') this.depth += 1;
		else if (character === '}' || character === ']') this.depth -= 1;
		else if (!this.begun && isBlank(character)) return;
		this.isBracketed ||= !this.begun && (this.depth > 0 || this.inString);
		this.begun = true;
		this.isComplete = this.isBracketed && this.depth === 0 && !this.inString;
	}
}
