import { ProviderError } from '../../providers/errors.ts';
import type { ProviderChunk } from '../../providers/types.ts';

/** How an answer went: everything that came, and the failure that ended it, if one did. */
export interface Outcome {
	chunks: ProviderChunk[];
	/** The fragments of text, as they came. */
	texts: string[];
	text: string;
	error?: ProviderError;
}

/** Reads an answer to its end or its failure. Other errors than ProviderError fail the test. */
export async function outcomeOf(answer: AsyncIterable<ProviderChunk>): Promise<Outcome> {
	const chunks: ProviderChunk[] = [];
	const error = await readInto(chunks, answer);
	const texts = chunks.flatMap((chunk) => (chunk.type === 'text' ? [chunk.text] : []));
	return { chunks, texts, text: texts.join(''), ...(error === undefined ? {} : { error }) };
}

async function readInto(
	chunks: ProviderChunk[],
	answer: AsyncIterable<ProviderChunk>,
): Promise<ProviderError | undefined> {
	try {
		for await (const chunk of answer) chunks.push(chunk);
		return undefined;
	} catch (error) {
		if (error instanceof ProviderError) return error;
		throw error;
	}
}

/** The chunks of one kind. */
export function chunksOf<Type extends ProviderChunk['type']>(
	{ chunks }: Outcome,
	type: Type,
): Array<Extract<ProviderChunk, { type: Type }>> {
	return chunks.filter(
		(chunk): chunk is Extract<ProviderChunk, { type: Type }> => chunk.type === type,
	);
}

/** The failure of an answer that must not pass for complete. */
export function failureIn({ error, chunks }: Outcome): ProviderError {
	if (error !== undefined) return error;
	throw new Error(`The answer passed for complete: ${JSON.stringify(chunks)}`);
}
