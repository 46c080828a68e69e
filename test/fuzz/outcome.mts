import { createHash } from 'node:crypto';

import { AiChats } from '../../providers/aiChats/AiChats.ts';
import { collectReply } from '../../providers/collectReply.ts';
import { ProviderError } from '../../providers/errors.ts';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible.ts';
import type { ImageResponse } from '../../providers/types.ts';
import type { FuzzCase } from './fuzzCase.mts';
import { FuzzTransport } from './FuzzTransport.mts';
import { Random } from './random.mts';
import type { Reader } from './recordings.mts';

/** What became of a case; `thrown` is anything but a ProviderError. */
export interface Outcome {
	text?: string;
	/** Everything else of a success, in comparable form. */
	value?: unknown;
	error?: { kind: string; message: string; partialText: string | undefined };
	thrown?: unknown;
	/** Answers that were not let go of. */
	held: number;
}

const MESSAGES = [{ role: 'user' as const, content: 'a red kite' }];
const MODELS = { chat: undefined, image: 'dalle' };

/** @param cutting seed of the way in which the network cuts the bytes */
export async function outcomeOf(fuzzCase: FuzzCase, cutting: number): Promise<Outcome> {
	const transport = new FuzzTransport(fuzzCase, new Random(cutting));
	try {
		const result = await read(fuzzCase.reader, transport);
		return { ...result, held: transport.held };
	} catch (error) {
		const { held } = transport;
		if (!(error instanceof ProviderError)) return { thrown: error, held };
		const { kind, message, details } = error;
		return { error: { kind, message, partialText: details.partialText }, held };
	}
}

async function read({ provider: name, operation }: Reader, transport: FuzzTransport) {
	const provider =
		name === 'aiChats'
			? new AiChats(transport, 'http://service.test')
			: new OpenAiCompatible(transport, 'http://service.test');
	if (operation === 'models') return { value: await provider.listModels('chat') };
	const model = name === 'aiChats' ? MODELS[operation] : undefined;
	const options = operation === 'image' ? { image: {} } : {};
	const images: string[] = [];
	const onImage = async ({ images: links, content }: ImageResponse) => {
		const sources = [...links, ...(content === undefined ? [] : [content])];
		for (const source of sources) images.push(await hashOfImage(provider, source));
	};
	const chunks = provider.createAsyncGenerator(model, MESSAGES, options);
	const { text, reasoning, toolCalls, finishReason, usage } = await collectReply(chunks, {
		onImage,
	});
	return { text, value: { images, reasoning, toolCalls, finishReason, usage } };
}

async function hashOfImage(
	provider: AiChats | OpenAiCompatible,
	source: string | AsyncIterable<Uint8Array>,
): Promise<string> {
	const image = await provider.openImage(source);
	const hash = createHash('sha1').update(JSON.stringify([image.mimeType, image.width]));
	try {
		for await (const bytes of image.bytes) hash.update(bytes);
	} finally {
		image.close();
	}
	return hash.digest('hex');
}
