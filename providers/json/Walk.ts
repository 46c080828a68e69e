import { asObject, type JsonObject } from '../decode/json';
import { Pattern, StepBudget } from './pattern';

/** Enough for 10 MB of JSON; takes about a second at most. */
const MAX_STEPS = 5_000_000;
/** Of schemas within schemas and values within values. */
const MAX_DEPTH = 256;
/** Entries of a list that are compared in one go: a set of millions outgrows the caches, and takes more than linear time. */
const PART_BITS = 10;
/** What a text costs that is compared with others: each lies somewhere else in memory. */
const TEXT_STEPS = 400;
const TOO_LONG = 'parts that take too long to check';
const MAX_DESCRIPTION_LENGTH = 300;

/** What each schema said of a value. */
export type Results = Map<object, string | undefined>;

/** Where a check is. */
export interface Place {
	walk: Walk;
	/** As a person reads it, e.g. `the answer.tags[0]`. */
	path: string;
	depth: number;
	/** Several branches of the schema may lead here. */
	isShared: boolean;
	/** What schemas said of the value at this place, where it is a scalar. */
	results: Results;
}

/** One check of a value against a schema: its budget, and what is worked out only once. */
export class Walk {
	readonly unchecked = new Set<string>();
	private readonly budget = new StepBudget(MAX_STEPS);
	private readonly results = new Map<object, Results>();
	private readonly patterns = new Map<string, Pattern>();
	private readonly choices = new Map<object, Choices>();
	private readonly targets = new Map<string, unknown>();

	constructor(private readonly root: unknown) {}

	start(): Place {
		return { walk: this, path: 'the answer', depth: 0, isShared: false, results: new Map() };
	}

	/** Whether a schema may be looked at here: notes it where the budget or the depth is used up. */
	mayGoOn({ depth }: Place): boolean {
		if (depth <= MAX_DEPTH) return this.spend(1);
		this.unchecked.add(`parts nested deeper than ${MAX_DEPTH} levels`);
		return false;
	}

	spend(steps: number): boolean {
		const isLeft = this.budget.spend(steps);
		if (!isLeft) this.unchecked.add(TOO_LONG);
		return isLeft;
	}

	/** What schemas said of a value, wherever they met it. That of a scalar goes with its place, as there may be millions. */
	resultsOf(value: unknown, { results }: Place): Results {
		if (typeof value !== 'object' || value === null) return results;
		const known = this.results.get(value) ?? new Map<object, string | undefined>();
		this.results.set(value, known);
		return known;
	}

	/** Whether a text matches; undefined, which is noted, where that cannot be told. */
	matches(text: string, source: string): boolean | undefined {
		const pattern = this.patterns.get(source) ?? new Pattern(source);
		this.patterns.set(source, pattern);
		const matches = pattern.test(text, this.budget);
		if (matches === undefined) this.unchecked.add(`the pattern ${shortened(source)}`);
		return matches;
	}

	choicesOf(schema: JsonObject): Choices {
		const list: unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : [schema['const']];
		const known = this.choices.get(schema) ?? new Choices(list);
		this.choices.set(schema, known);
		return known;
	}

	/** What a local reference (`#/…`, RFC 6901) points to; undefined for nothing. */
	target(reference: string): unknown {
		if (this.targets.has(reference)) return this.targets.get(reference);
		let found: unknown = this.root;
		for (const step of reference.slice(1).split('/').slice(1)) {
			const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
			found = partNamed(found, name);
		}
		if (found === undefined) this.unchecked.add(`the reference ${shortened(reference)}`);
		this.targets.set(reference, found);
		return found;
	}

	areUnique(values: readonly unknown[]): boolean {
		const count = 1 + (values.length >> PART_BITS);
		// The second half is for texts: as they are, since a copy of each would outgrow the caches.
		const parts = Array.from({ length: 2 * count }, (): unknown[] => []);
		for (const value of values) {
			const isText = typeof value === 'string';
			const key = isText ? value : this.keyOf(value);
			const isLeft = !isText || this.spend(TEXT_STEPS + (value.length >> 3));
			if (key === undefined || !isLeft) return true;
			parts[(isText ? count : 0) + (hashOf(key) % count)]?.push(key);
		}
		return parts.every((keys) => new Set(keys).size === keys.length);
	}

	/** Equal for equal values; undefined where the budget is used up. */
	keyOf(value: unknown): unknown {
		if (!this.spend(1)) return undefined;
		const key = keyOf(value);
		this.spend(typeof key === 'string' ? key.length >> 3 : 0);
		return key;
	}
}

/** The values that an `enum` or `const` allows: looked up, not searched. */
class Choices {
	readonly description: string;
	readonly keys: ReadonlySet<unknown>;

	constructor(choices: readonly unknown[]) {
		this.keys = new Set(choices.map(keyOf));
		const written = choices.slice(0, 100).map((choice) => JSON.stringify(choice));
		this.description = shortened(written.join(', '));
	}
}

const HASHED_LENGTH = 16;

/** Tells keys apart well enough to spread them; at worst all of them fall together. */
function hashOf(key: unknown): number {
	if (typeof key === 'number') return Math.imul(key, 0x9e3779b1) >>> 8;
	if (typeof key !== 'string') return 0;
	let hash = key.length;
	for (let index = Math.max(0, key.length - HASHED_LENGTH); index < key.length; index++) {
		hash = Math.imul(hash, 31) + key.charCodeAt(index);
	}
	return hash >>> 0;
}

function partNamed(value: unknown, name: string): unknown {
	if (Array.isArray(value)) return value[Number(name)] as unknown;
	const object = asObject(value);
	return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

function shortened(text: string): string {
	return text.length <= MAX_DESCRIPTION_LENGTH ? text : `${text.slice(0, MAX_DESCRIPTION_LENGTH)}…`;
}

/** Equal for equal values. Those of objects and lists begin as no value of a string does. */
function keyOf(value: unknown): unknown {
	if (typeof value === 'string') return `"${value}`;
	return typeof value === 'object' && value !== null ? inOrder(value) : value;
}

/** As JSON with the fields of objects in one order, so that equal values are equal texts. */
function inOrder(value: unknown): string {
	return JSON.stringify(value, (_name, part: unknown) => {
		const object = asObject(part);
		return object === undefined ? part : Object.fromEntries(Object.entries(object).sort(byName));
	});
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
	return a < b ? -1 : 1;
}
