import { asObject, parseJson } from '../decode/json';
import { ProviderError, tooLargeError } from '../errors';
import type { ProviderChunk } from '../types';
import { isBlank, JsonProgress, readFragment, type ToolCallFragment } from './toolCallFragment';

/** How much of the arguments is quoted in an error, in UTF-16 code units. */
const MAX_QUOTE = 200;
/** Of calls that cannot be passed on yet, in UTF-16 code units; each fragment takes some memory, however short. */
const MAX_HELD = 16 * 1024 * 1024;
const MIN_FRAGMENT_SIZE = 64;

/** A call whose fragments arrive. */
interface OpenCall {
	/** In the order in which the calls began. */
	index: number;
	id: string;
	/** As the server sent it, if it did. */
	givenId: string | undefined;
	name: string;
	/** All fragments of the arguments, and how many of them have been passed on. */
	fragments: string[];
	passedOn: number;
	length: number;
	progress: JsonProgress;
	/** Fields of the call that are not passed on yet. */
	extra: Array<[name: string, value: unknown]>;
	isAnnounced: boolean;
	/** The name came again, without an id, after complete arguments: what follows is another call. */
	mayBeOver: boolean;
}

/**
 * Puts the fragments of tool calls in order. Servers differ: the id comes with the first fragment only,
 * with a new value each time, or never; the index is missing, 0 for every call, or not a usable number;
 * a call is sent again at the end. What is passed on has an id each time, and calls are numbered from 0
 * in the order of their beginnings.
 */
export class ToolCalls {
	readonly calls: OpenCall[] = [];
	/** The calls whose fragments come now: under the server's index, or the place in its list. */
	private readonly current = new Map<number, OpenCall>();
	private readonly byGivenId = new Map<string, OpenCall>();
	private readonly ids = new Set<string>();
	private held = 0;

	/**
	 * Reads the `tool_calls` list of a message or a delta.
	 * @param answerId what the server calls this answer: for the ids of calls that come without one
	 */
	read(toolCalls: readonly unknown[], answerId: string, chunks: ProviderChunk[]): void {
		toolCalls.forEach((value, position) => {
			const fragment = readFragment(asObject(value) ?? {});
			const call = this.callOf(fragment, position, answerId);
			if (call === undefined) return;
			this.add(call, fragment);
			if (isHeldBack(call)) this.hold(fragment);
			else passOn(call, chunks);
		});
	}

	/**
	 * Checks the calls once the answer is over, and passes on those that were held back.
	 * @throws ProviderError `truncated` when the token limit cut a call, `protocol` for arguments that are
	 * not a JSON object
	 */
	finish(reason: string | undefined, chunks: ProviderChunk[]): void {
		for (const call of this.calls) {
			const text = call.fragments.join('');
			const wasCut = reason === 'length' && call === this.calls.at(-1);
			// Some servers write `null` for a call without arguments.
			if (isBlank(text) || text.trim() === 'null') {
				if (wasCut && call.name !== '') throw cutCall(call, text);
				continue;
			}
			const decoded = call.progress.isText ? decodeOnce(text) : text;
			if (call.name === '') throw badCall('The model called a tool without naming it', text);
			if (!isObject(decoded)) {
				if (wasCut) throw cutCall(call, text);
				throw badCall(`The arguments for the tool '${call.name}' are not a JSON object`, text);
			}
			if (!call.progress.isText) continue;
			call.progress.isText = false;
			call.fragments = [decoded];
			passOn(call, chunks);
		}
	}

	/** What is passed on is counted with the rest of the answer; this is not. */
	private hold({ text, extra }: ToolCallFragment): void {
		const more = extra === undefined ? 0 : JSON.stringify(extra).length;
		this.held += MIN_FRAGMENT_SIZE + text.length + more;
		if (this.held > MAX_HELD) throw tooLargeError('A tool call', MAX_HELD);
	}

	private callOf(
		fragment: ToolCallFragment,
		position: number,
		answerId: string,
	): OpenCall | undefined {
		const { id, name, text, extra } = fragment;
		const key = fragment.index ?? position;
		const known = this.known(fragment, key);
		if (known !== undefined && !isOther(known, fragment)) return known;
		const isNothing = id === undefined && name === undefined && text === '' && extra === undefined;
		if (isNothing) return undefined;
		const call = this.begin(id, answerId);
		// Its name came before, with an empty fragment.
		if (name === undefined && known !== undefined) call.name = known.name;
		this.current.set(key, call);
		return call;
	}

	private known({ index, id }: ToolCallFragment, key: number): OpenCall | undefined {
		const current = this.current.get(key);
		if (id === undefined || current?.givenId === id) return current;
		const named = this.byGivenId.get(id);
		// Different calls may share an id; then their indices tell them apart.
		return index === undefined || current !== undefined ? (named ?? current) : undefined;
	}

	private begin(givenId: string | undefined, answerId: string): OpenCall {
		const index = this.calls.length;
		let id = givenId ?? (answerId === '' ? `call_${index}` : `call_${answerId}_${index}`);
		// Fragments are assembled by id, so it must be unique.
		while (this.ids.has(id)) id += `_${index}`;
		const call: OpenCall = {
			index,
			id,
			givenId,
			name: '',
			fragments: [],
			passedOn: 0,
			length: 0,
			progress: new JsonProgress(),
			extra: [],
			isAnnounced: false,
			mayBeOver: false,
		};
		this.calls.push(call);
		this.ids.add(id);
		if (givenId !== undefined && !this.byGivenId.has(givenId)) this.byGivenId.set(givenId, call);
		return call;
	}

	private add(call: OpenCall, { id, name = '', text: sent, extra }: ToolCallFragment): void {
		// Some servers encode the arguments of a call that has none.
		const text = sent === 'null' && call.length === 0 ? '' : sent;
		if (call.givenId === undefined && id !== undefined) {
			call.givenId = id;
			this.byGivenId.set(id, call);
		}
		call.name ||= name;
		for (const field of Object.entries(extra ?? {})) call.extra.push(field);
		if (call.progress.isComplete) {
			// Some servers write `null` for a call without arguments.
			if (isBlank(text) || text.trim() === 'null') {
				call.mayBeOver ||= name !== '' && id === undefined;
				return;
			}
			// Some servers repeat the complete call at the end.
			if (text.length === call.length && text === call.fragments.join('')) return;
		}
		if (text === '') return;
		call.fragments.push(text);
		call.length += text.length;
		call.progress.push(text);
	}
}

/** Whether a fragment that the known call could be meant by begins another one. */
function isOther(known: OpenCall, { id, name, text }: ToolCallFragment): boolean {
	if (name === undefined) return known.mayBeOver && !isBlank(text);
	if (known.name !== '' && name !== known.name) return true;
	const isUnderWay = known.length > 0 && !known.progress.isComplete;
	const hasOtherId = id !== undefined && known.givenId !== undefined && id !== known.givenId;
	if (hasOtherId) return !isUnderWay;
	// A server that repeats the name with every fragment may also repeat the id.
	if (!known.progress.isComplete || isBlank(text) || id !== undefined) return false;
	return text.length !== known.length || text !== known.fragments.join('');
}

/** Its name has not come yet, or its arguments are encoded twice. */
function isHeldBack({ name, progress }: OpenCall): boolean {
	return name === '' || progress.isText;
}

function passOn(call: OpenCall, chunks: ProviderChunk[]): void {
	const { index, id, name, extra, isAnnounced } = call;
	if (isAnnounced && call.passedOn === call.fragments.length && extra.length === 0) return;
	const delta = {
		index,
		id,
		...(isAnnounced ? {} : { name }),
		arguments: call.fragments.slice(call.passedOn).join(''),
		...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
	};
	call.passedOn = call.fragments.length;
	call.isAnnounced = true;
	call.extra = [];
	chunks.push({ type: 'toolCall', delta });
}

function decodeOnce(text: string): string {
	const parsed = parseJson(text);
	return parsed.ok && typeof parsed.value === 'string' ? parsed.value : text;
}

function isObject(text: string): boolean {
	const parsed = parseJson(text);
	return parsed.ok && asObject(parsed.value) !== undefined;
}

function cutCall({ name }: OpenCall, text: string): ProviderError {
	return new ProviderError('truncated', 'The token limit cut a tool call', {
		explanation: `Raise 'Max Tokens', or the server's context length. The call: ${name}(${quote(text)}).`,
	});
}

function badCall(message: string, text: string): ProviderError {
	return new ProviderError('protocol', message, {
		explanation: `Ask again, or choose another model. The model wrote: ${quote(text)}`,
	});
}

function quote(text: string): string {
	return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}
