/** Steps that the checks of one value may take together; whatever is larger is left to the service. */
export class StepBudget {
	constructor(private left: number) {}

	/** Whether steps are left after this one, or these. */
	spend(steps = 1): boolean {
		this.left -= steps;
		return this.left >= 0;
	}
}

/** Longer ones come from large repetitions, which are written out. */
const MAX_PROGRAM_LENGTH = 2000;
const MAX_GROUP_DEPTH = 50;

type Instruction =
	| { type: 'character'; atom: RegExp }
	/** Goes on at both places. */
	| { type: 'split'; to: number[] }
	| { type: 'start' | 'end' | 'boundary' | 'noBoundary' | 'match' };

/** Thrown by the parser for what this matcher does not know, such as look-ahead and back-references. */
class Unsupported extends Error {}

/**
 * A regular expression of a JSON Schema (ECMA 262, with the `u` flag), matched without backtracking: all ways
 * through it are followed at once, character by character, so that no pattern takes more than time in
 * proportion to its length and to that of the text.
 */
export class Pattern {
	/** Undefined for what is not a regular expression, which forbids nothing. */
	private readonly expression: RegExp | undefined;
	private readonly isSimple: boolean;
	private readonly program: Instruction[] | undefined;

	constructor(source: string) {
		this.isSimple = isSimple(source);
		this.expression = unlessThrown(() => new RegExp(source, 'u'));
		if (this.expression === undefined || this.isSimple) return;
		this.program = unlessThrown(() => new Compiler(source).program);
	}

	/** Whether the pattern is found in the text; undefined where that cannot be told within the budget. */
	test(text: string, budget: StepBudget): boolean | undefined {
		if (this.expression === undefined) return true;
		if (this.isSimple) {
			return budget.spend(1 + (text.length >> 4)) ? this.expression.test(text) : undefined;
		}
		return this.program && new Run(this.program, Array.from(text), budget).found();
	}
}

function unlessThrown<Result>(make: () => Result): Result | undefined {
	try {
		return make();
	} catch {
		return undefined;
	}
}

const CLASS_OR_ESCAPE = /\\[^]|\[(?:\\[^]|[^\]\\])*\]/g;
const ONE_REPETITION = /^\^[^*+?{}()|]*(?:[*+?]|\{\d+,?\d*\})?[^*+?{}()|]*$/;

/** Whether it is anchored and repeats one character at most: V8 matches that in linear time, and fastest. */
function isSimple(source: string): boolean {
	return ONE_REPETITION.test(source.replace(CLASS_OR_ESCAPE, 'x'));
}

/** A match under way. */
class Run {
	/** The step at which each instruction was last reached. */
	private readonly reached: Int32Array;
	private steps = 0;

	constructor(
		private readonly program: readonly Instruction[],
		private readonly characters: readonly string[],
		private readonly budget: StepBudget,
	) {
		this.reached = new Int32Array(program.length).fill(-1);
	}

	found(): boolean | undefined {
		let places: number[] = [];
		for (let at = 0; at <= this.characters.length; at++) {
			const waiting: number[] = [];
			this.steps = 1;
			// Not anchored: a match may begin anywhere.
			places.push(0);
			for (const place of places) {
				if (this.follow(place, at, waiting)) return true;
			}
			if (!this.budget.spend(this.steps)) return undefined;
			places = this.advance(waiting, this.characters[at] ?? '');
		}
		return false;
	}

	/** Adds the characters that are expected from here on. @returns whether the end of the pattern is reached */
	private follow(from: number, at: number, waiting: number[]): boolean {
		const open = [from];
		for (let place = open.pop(); place !== undefined; place = open.pop()) {
			if (this.reached[place] === at) continue;
			this.reached[place] = at;
			this.steps++;
			const instruction = this.program[place];
			if (instruction === undefined || instruction.type === 'match') return true;
			if (instruction.type === 'character') waiting.push(place);
			else if (instruction.type === 'split') open.push(...instruction.to);
			else if (this.holds(instruction.type, at)) open.push(place + 1);
		}
		return false;
	}

	private advance(waiting: readonly number[], character: string): number[] {
		const next: number[] = [];
		for (const place of waiting) {
			const instruction = this.program[place];
			if (instruction?.type === 'character' && instruction.atom.test(character)) {
				next.push(place + 1);
			}
		}
		return next;
	}

	private holds(assertion: 'start' | 'end' | 'boundary' | 'noBoundary', at: number): boolean {
		if (assertion === 'start') return at === 0;
		if (assertion === 'end') return at === this.characters.length;
		const [before, after] = [at - 1, at].map((place) => /\w/.test(this.characters[place] ?? ''));
		return (before !== after) === (assertion === 'boundary');
	}
}

const MARKS = /[\\^$.*+?()[\]{}|]/u;
/** One character of a text: a class, an escape of a character or a set, or the character itself. */
const ATOM =
	/\[(?:\\[^]|[^\]\\])*\]|\\(?:[dDwWsSfnrtv0]|[pP]\{[^}]*\}|c[A-Za-z]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|u\{[\dA-Fa-f]+\}|[\^$\\.*+?()[\]{}|/-])|[^]/uy;
const REPETITION = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;

/** Turns a pattern into instructions. */
class Compiler {
	readonly program: Instruction[];
	private position = 0;

	constructor(private readonly source: string) {
		this.program = [...this.choice(0), { type: 'match' }];
		if (this.position < source.length) throw new Unsupported();
	}

	private choice(depth: number): Instruction[] {
		if (depth > MAX_GROUP_DEPTH) throw new Unsupported();
		let program = this.sequence(depth);
		while (this.source[this.position] === '|') {
			this.position++;
			program = either(program, this.sequence(depth));
		}
		return program;
	}

	private sequence(depth: number): Instruction[] {
		const program: Instruction[] = [];
		while (this.position < this.source.length && !'|)'.includes(this.source[this.position] ?? '')) {
			for (const instruction of moved(this.repeated(this.term(depth)), program.length)) {
				program.push(instruction);
			}
			if (program.length > MAX_PROGRAM_LENGTH) throw new Unsupported();
		}
		return program;
	}

	private term(depth: number): Instruction[] {
		if (this.takes('^')) return [{ type: 'start' }];
		if (this.takes('$')) return [{ type: 'end' }];
		if (this.takes('\\b')) return [{ type: 'boundary' }];
		if (this.takes('\\B')) return [{ type: 'noBoundary' }];
		if (this.takes('(?:') || this.takes('(')) {
			if (this.source[this.position] === '?') throw new Unsupported();
			const group = this.choice(depth + 1);
			if (!this.takes(')')) throw new Unsupported();
			return group;
		}
		ATOM.lastIndex = this.position;
		const [atom] = ATOM.exec(this.source) ?? [];
		const isPlain = atom !== undefined && (atom.length > 1 || atom === '.' || !MARKS.test(atom));
		if (!isPlain) throw new Unsupported();
		this.position += atom.length;
		return [{ type: 'character', atom: new RegExp(`^${atom}$`, 'u') }];
	}

	private takes(mark: string): boolean {
		if (!this.source.startsWith(mark, this.position)) return false;
		this.position += mark.length;
		return true;
	}

	private repeated(program: Instruction[]): Instruction[] {
		REPETITION.lastIndex = this.position;
		const found = REPETITION.exec(this.source);
		if (found === null) return program;
		this.position += found[0].length;
		const [mark, least, comma, most] = found;
		if (mark.startsWith('*')) return many(program);
		if (mark.startsWith('+')) return joined(program, many(program));
		if (mark.startsWith('?')) return either(program, []);
		const min = Number(least);
		const max = comma === '' ? min : most === '' ? Infinity : Number(most);
		const copies = Number.isFinite(max) ? max : min + 1;
		if (copies * (program.length + 1) > MAX_PROGRAM_LENGTH) throw new Unsupported();
		const needed = Array.from({ length: min }, () => program);
		const rest = max === Infinity ? [many(program)] : [upTo(program, max - min)];
		return joined(...needed, ...rest);
	}
}

/** Instructions that stand so much further back. */
function moved(program: readonly Instruction[], by: number): Instruction[] {
	return program.map((instruction) =>
		instruction.type === 'split'
			? { type: 'split', to: instruction.to.map((place) => place + by) }
			: instruction,
	);
}

function joined(...programs: ReadonlyArray<readonly Instruction[]>): Instruction[] {
	const program: Instruction[] = [];
	for (const part of programs) program.push(...moved(part, program.length));
	return program;
}

function either(first: readonly Instruction[], second: readonly Instruction[]): Instruction[] {
	const end = first.length + second.length + 2;
	return [
		{ type: 'split', to: [1, first.length + 2] },
		...moved(first, 1),
		{ type: 'split', to: [end] },
		...moved(second, first.length + 2),
	];
}

function many(program: readonly Instruction[]): Instruction[] {
	const end = program.length + 2;
	return [{ type: 'split', to: [1, end] }, ...moved(program, 1), { type: 'split', to: [0] }];
}

function upTo(program: readonly Instruction[], times: number): Instruction[] {
	let result: Instruction[] = [];
	for (let count = 0; count < times; count++) result = either(joined(program, result), []);
	return result;
}
