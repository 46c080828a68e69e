import { createParser } from 'eventsource-parser';

import { readEventData } from '../../providers/decode/events.ts';

/** Takes the data of an event. */
export type Consumer = (data: string) => void;

export interface Decoder {
	title: string;
	/** Reads a body to its end and hands on the data of each event. */
	decode(body: AsyncIterable<Uint8Array>, consume: Consumer): Promise<void>;
}

/** From bytes to the data of each event, as the decoders are meant to be used. */
export const DECODERS = {
	own: {
		title: 'AiChats',
		async decode(body, consume) {
			for await (const events of readEventData(body)) {
				for (const event of events) consume(typeof event === 'string' ? event : event.data);
			}
		},
	},
	eventsourceParser: {
		title: 'eventsource-parser',
		async decode(body, consume) {
			const decoder = new TextDecoder();
			const parser = createParser({ onEvent: ({ data }) => consume(data) });
			for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
			parser.reset({ consume: true });
		},
	},
	sdk: {
		title: "n8n's SDK (parseSSEStream)",
		async decode(body, consume) {
			// Only where it is measured: it takes long to load.
			const { parseSSEStream } = await import('@n8n/ai-node-sdk');
			const stream = body as Parameters<typeof parseSSEStream>[0];
			for await (const { data } of parseSSEStream(stream)) consume(data ?? '');
		},
	},
	none: {
		title: 'nothing but reading',
		async decode(body, consume) {
			let size = 0;
			for await (const bytes of body) size += bytes.length;
			consume('x'.repeat(size));
		},
	},
} satisfies Record<string, Decoder>;

export type DecoderName = keyof typeof DECODERS;
