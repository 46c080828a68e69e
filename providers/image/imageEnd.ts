import { ProviderError } from '../errors';
import { has, type ImageFormat } from './format';

/** Looks at a file's bytes as they pass. */
interface EndWatch {
	see(bytes: Uint8Array): void;
	/** Whether the file was whole when the bytes ended. */
	isComplete(): boolean;
}

/** How each format shows that a file is complete. A few bytes may follow the end: some writers add them. */
const WATCHES: Record<ImageFormat['extension'], () => EndWatch> = {
	/** PNG specification, 11.2.5: the chunk IEND is the last. */
	png: () => new TailWatch('IEND\xae\x42\x60\x82'),
	/** ITU-T T.81, B.1.1.3: the marker EOI, which compressed data cannot hold. */
	jpg: () => new TailWatch('\xff\xd9'),
	gif: () => new StructureWatch(gif()),
	webp: () => new StructureWatch(webp()),
	avif: () => new StructureWatch(avif()),
};

/**
 * The bytes of an image as they come, of which nothing but a tail or a header is held.
 * @throws ProviderError `truncated` at the end of a file that its own format shows to be cut
 */
export async function* untilItsEnd(
	source: AsyncIterable<Uint8Array>,
	extension: ImageFormat['extension'],
): AsyncGenerator<Uint8Array> {
	const watch = WATCHES[extension]();
	let size = 0;
	for await (const bytes of source) {
		size += bytes.length;
		watch.see(bytes);
		yield bytes;
	}
	if (watch.isComplete()) return;
	throw new ProviderError('truncated', 'The image broke off', {
		explanation: `Only ${size} bytes arrived: run the node again.`,
	});
}

const TAIL_BYTES = 4096;

/** For a format whose end is known by its bytes alone (Latin-1). */
class TailWatch implements EndWatch {
	private tail: Uint8Array = new Uint8Array();

	constructor(private readonly end: string) {}

	see(bytes: Uint8Array): void {
		// A copy: whoever reads the bytes may write over them.
		this.tail =
			bytes.length >= TAIL_BYTES
				? bytes.slice(-TAIL_BYTES)
				: Buffer.concat([this.tail, bytes]).subarray(-TAIL_BYTES);
	}

	isComplete(): boolean {
		for (let index = this.tail.length - this.end.length; index >= 0; index--) {
			if (has(this.tail, index, this.end)) return true;
		}
		return false;
	}
}

/** So many bytes are wanted, or passed over. */
type Step = { take: number } | { skip: number };
/** Walks through a file. It returns at the end of the file, or says at each step whether it could end there. */
type Structure = Generator<Step & { mayEnd?: boolean }, boolean, Uint8Array>;

/** For a format whose end is known by walking from block to block, without their content. */
class StructureWatch implements EndWatch {
	private step;
	private held: number[] = [];
	private toSkip = 0;

	constructor(private readonly structure: Structure) {
		this.step = structure.next();
		this.begin();
	}

	see(bytes: Uint8Array): void {
		let index = 0;
		while (index < bytes.length && this.step.done !== true) {
			const skipped = Math.min(this.toSkip, bytes.length - index);
			this.toSkip -= skipped;
			index += skipped;
			const { value } = this.step;
			if ('take' in value && index < bytes.length) this.held.push(bytes[index++] ?? 0);
			this.advance();
		}
	}

	isComplete(): boolean {
		return this.step.done === true ? this.step.value : this.step.value.mayEnd === true;
	}

	/** To the first step that wants bytes. */
	private advance(): void {
		while (this.step.done !== true && this.isFulfilled(this.step.value)) {
			this.step = this.structure.next(Uint8Array.from(this.held));
			this.begin();
		}
	}

	private isFulfilled(step: Step): boolean {
		return 'take' in step ? this.held.length === step.take : this.toSkip === 0;
	}

	private begin(): void {
		this.held = [];
		this.toSkip = this.step.done !== true && 'skip' in this.step.value ? this.step.value.skip : 0;
	}
}

/** GIF89a, 17 to 27: blocks, each of sub-blocks up to an empty one, and the trailer. */
function* gif(): Structure {
	const screen = yield { take: 13 };
	yield { skip: colorTableSize(screen[10]) };
	for (;;) {
		const [kind = 0] = yield { take: 1 };
		if (kind === 0x3b) return true;
		// Padding, which every viewer passes over.
		if (kind === 0) continue;
		if (kind === 0x2c) {
			const image = yield { take: 9 };
			yield { skip: colorTableSize(image[8]) + 1 };
		} else if (kind === 0x21) yield { skip: 1 };
		else return false;
		yield* subBlocks();
	}
}

function* subBlocks(): Generator<Step, void, Uint8Array> {
	for (;;) {
		const [size = 0] = yield { take: 1 };
		if (size === 0) return;
		yield { skip: size };
	}
}

function colorTableSize(flags = 0): number {
	return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** RFC 9649, 2.3: the header holds the size of what follows it. */
function* webp(): Structure {
	const header = yield { take: 8 };
	yield { skip: view(header).getUint32(4, true) };
	return true;
}

const BOX_HEADER = 8;

/** ISO/IEC 14496-12, 4.2: boxes that begin with their size. The image data is in `mdat`. */
function* avif(): Structure {
	let hasData = false;
	for (;;) {
		const header: Uint8Array = yield { take: BOX_HEADER, mayEnd: hasData };
		const isData = has(header, 4, 'mdat');
		const size = yield* boxSize(header);
		// The last box may leave its size open.
		if (size === undefined) return hasData || isData;
		yield { skip: size };
		hasData ||= isData;
	}
}

/** The size of a box's content in bytes; undefined where it reaches to the end of the file. */
function* boxSize(header: Uint8Array): Generator<Step, number | undefined, Uint8Array> {
	const size = view(header).getUint32(0);
	if (size === 0) return undefined;
	if (size !== 1) return Math.max(0, size - BOX_HEADER);
	const large = yield { take: 8 };
	return Math.max(0, Number(view(large).getBigUint64(0)) - 2 * BOX_HEADER);
}

function view(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
