import { createHash, hash } from 'node:crypto';

import type { ByteSource } from '../../providers/types';

/** What is asked. Two that are equal get the same answer. */
export interface AnswerRequest {
	/** All that goes to the service but files and secrets, as JSON can say it. Read only if it is compared. */
	content: () => unknown;
	/** Of the prompt and what goes with it, in UTF-16 code units. */
	length: number;
	/** Base64 and URLs as they are. */
	files: ReadonlyArray<string | ByteSource>;
}

/** What a request is told from others by. Its hash costs time: it is computed once it is needed. */
export class RequestKey {
	private known: string | undefined;

	private constructor(
		private readonly parts: () => readonly unknown[],
		/** Of what it holds until then, in UTF-16 code units. */
		readonly length: number,
	) {}

	/** @param surroundings what else the answer depends on, as JSON can say it */
	static async of(
		surroundings: readonly unknown[],
		{ content, length, files }: AnswerRequest,
	): Promise<RequestKey> {
		const bytes = files.length === 0 ? [] : await Promise.all(files.map(hashOf));
		return new RequestKey(() => [...surroundings, content(), bytes], length);
	}

	get hash(): string {
		return (this.known ??= hash('sha256', JSON.stringify(this.parts()), 'base64'));
	}
}

/** A file in n8n's storage counts by its id. */
async function hashOf(file: string | ByteSource): Promise<string> {
	if (typeof file === 'string') return hash('sha256', file, 'base64');
	if (file.id !== undefined) return file.id;
	const whole = createHash('sha256');
	for await (const bytes of file.read()) whole.update(bytes);
	return whole.digest('base64');
}
