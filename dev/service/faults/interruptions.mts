import { type Directive, numberParameter } from '../directives.mts';
import { cut, type Exchange, reset } from '../exchange.mts';
import type { AnswerStream } from '../wire/answerStream.mts';

/** `over`: the caller must not send anything more. */
export type Outcome = 'over' | 'go on';

export interface Interruption {
	usage: string;
	explanation: string;
	/** Only streams of this protocol; if missing, of both. */
	protocol?: 'aichats' | 'openai';
	/** What it does to a JSON answer or an image; if missing, it leaves them intact. */
	actOnBytes?(exchange: Exchange): void | Promise<void>;
	act(stream: AnswerStream, directive: Directive): Promise<Outcome>;
}

async function severed(
	stream: AnswerStream,
	sever: (exchange: Exchange) => void | Promise<void>,
): Promise<Outcome> {
	await stream.flush();
	await sever(stream.exchange);
	return 'over';
}

async function stall(exchange: Exchange): Promise<void> {
	if (!exchange.raw.headersSent) exchange.raw.flushHeaders();
	await exchange.untilClosed();
}

export const interruptions: Record<string, Interruption> = {
	cut: {
		usage: 'cut after=N',
		explanation: 'closes (FIN) after N fragments; JSON and images: after N bytes, default half',
		actOnBytes: cut,
		act: async (stream) => await severed(stream, cut),
	},
	'reset-after': {
		usage: 'reset-after fragments=N',
		explanation: 'resets (RST) after N fragments; JSON and images: after N bytes, default half',
		actOnBytes: reset,
		act: async (stream) => await severed(stream, reset),
	},
	'stall-after': {
		usage: 'stall-after fragments=N',
		explanation: 'silence after N fragments; JSON and images: after N bytes, default half',
		actOnBytes: stall,
		act: async (stream) => await severed(stream, stall),
	},
	trylimit: {
		usage: 'trylimit after=N',
		explanation: 'Ai-Chats: the free quota is used up after N fragments, and the stream ends',
		protocol: 'aichats',
		act: async (stream) => {
			stream.add(' trylimit');
			await stream.finish();
			return 'over';
		},
	},
	'huge-line': {
		usage: 'huge-line bytes=N after=N',
		explanation: 'one fragment of so many bytes (default 1 MB) in a single line',
		act: async (stream, directive) => {
			await stream.addHuge(numberParameter(directive, 'bytes') ?? 1_000_000);
			return 'go on';
		},
	},
	'error-in-stream': {
		usage: 'error-in-stream after=N',
		explanation: 'OpenAI: an error object instead of the next chunk, then a clean close',
		protocol: 'openai',
		act: async (stream) => {
			const message = 'The server had an error while processing your request.';
			stream.add(JSON.stringify({ error: { message, type: 'server_error', code: null } }));
			await stream.close();
			return 'over';
		},
	},
	'bad-chunk': {
		usage: 'bad-chunk after=N',
		explanation: 'OpenAI: one line of broken JSON after N fragments, then the rest',
		protocol: 'openai',
		act: async (stream) => {
			stream.add('{"id":"chatcmpl-broken","choices":[{"delta":{"content":"bro');
			return 'go on';
		},
	},
};

/** After how many fragments (or bytes) it happens, when the directive says. */
export function interruptionPoint(directive: Directive): number | undefined {
	return numberParameter(directive, 'after') ?? numberParameter(directive, 'fragments');
}

export function findByteInterruption(exchange: Exchange, length: number) {
	const found = exchange.directives.firstIn(interruptions);
	const act = found?.entry.actOnBytes;
	if (!found || !act) return undefined;
	const point = interruptionPoint(found.directive) ?? Math.floor(length / 2);
	// At least one byte stays unsent; otherwise the body would be complete.
	return { after: Math.min(point, length - 1), act };
}
