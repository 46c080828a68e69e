/** Value types of the format (GGUF specification, `gguf_metadata_value_type`). */
const UINT32 = 4;
const INT32 = 5;
const FLOAT32 = 6;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

const VERSION = 3;
const ALIGNMENT = 32;
/** `GGML_TYPE_F32` */
const TENSOR_FLOAT32 = 0;

/** Puts together a model file in the GGUF format, version 3: metadata, then tensors of 32-bit floats. */
export class Gguf {
	private readonly metadata: Buffer[] = [];
	private readonly tensors: Array<{ head: Buffer; data: Buffer }> = [];

	text(key: string, value: string): void {
		this.add(key, STRING, encoded(value));
	}

	unsigned(key: string, value: number): void {
		this.add(key, UINT32, uint32(value));
	}

	float(key: string, value: number): void {
		this.add(key, FLOAT32, Buffer.from(Float32Array.of(value).buffer));
	}

	boolean(key: string, value: boolean): void {
		this.add(key, BOOL, Buffer.of(Number(value)));
	}

	texts(key: string, values: readonly string[]): void {
		this.list(key, STRING, values.length, Buffer.concat(values.map(encoded)));
	}

	floats(key: string, values: readonly number[]): void {
		this.list(key, FLOAT32, values.length, Buffer.from(Float32Array.from(values).buffer));
	}

	integers(key: string, values: readonly number[]): void {
		this.list(key, INT32, values.length, Buffer.from(Int32Array.from(values).buffer));
	}

	/** @param shape the fastest-changing dimension first */
	tensor(name: string, shape: readonly number[], values: Float32Array): void {
		const head = Buffer.concat([encoded(name), uint32(shape.length), ...shape.map(uint64)]);
		const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
		this.tensors.push({ head: Buffer.concat([head, uint32(TENSOR_FLOAT32)]), data: padded(data) });
	}

	/** The whole file. */
	bytes(): Buffer {
		let offset = 0;
		const heads = this.tensors.map(({ head, data }) => {
			const withOffset = Buffer.concat([head, uint64(offset)]);
			offset += data.length;
			return withOffset;
		});
		const counts = [uint64(this.tensors.length), uint64(this.metadata.length)];
		const start = [Buffer.from('GGUF'), uint32(VERSION), ...counts, ...this.metadata, ...heads];
		return Buffer.concat([padded(Buffer.concat(start)), ...this.tensors.map(({ data }) => data)]);
	}

	private add(key: string, type: number, value: Buffer): void {
		this.metadata.push(Buffer.concat([encoded(key), uint32(type), value]));
	}

	private list(key: string, type: number, length: number, values: Buffer): void {
		this.add(key, ARRAY, Buffer.concat([uint32(type), uint64(length), values]));
	}
}

function padded(bytes: Buffer): Buffer {
	const rest = bytes.length % ALIGNMENT;
	return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(ALIGNMENT - rest)]);
}

function encoded(text: string): Buffer {
	const bytes = Buffer.from(text, 'utf8');
	return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

function uint64(value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
}
