import { parseSSEStream } from '@n8n/ai-node-sdk';
import { createParser } from 'eventsource-parser';

import { readLines } from '../../providers/decode/readLines.ts';
import { readEventData } from '../../providers/decode/serverSentEvents.ts';

export interface Decoder {
	title: string;
	/** Reads a body to its end. @returns how many characters of data its events had */
	decode(body: AsyncIterable<Uint8Array>): Promise<number>;
}

/** From bytes to the data of each event, as the decoders are meant to be used. */
export const DECODERS = {
	own: {
		title: 'AiChats',
		async decode(body) {
			let length = 0;
			for await (const data of readEventData(readLines(body))) length += data.length;
			return length;
		},
	},
	eventsourceParser: {
		title: 'eventsource-parser',
		async decode(body) {
			let length = 0;
			const decoder = new TextDecoder();
			const parser = createParser({ onEvent: ({ data }) => void (length += data.length) });
			for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
			parser.reset({ consume: true });
			return length;
		},
	},
	sdk: {
		title: "n8n's SDK (parseSSEStream)",
		async decode(body) {
			let length = 0;
			const stream = body as Parameters<typeof parseSSEStream>[0];
			for await (const { data } of parseSSEStream(stream)) length += data?.length ?? 0;
			return length;
		},
	},
} satisfies Record<string, Decoder>;

export type DecoderName = keyof typeof DECODERS;
