import { gzipSync } from 'node:zlib';

import type { Directive } from '../directives.mts';
import type { Exchange, PendingHold } from '../exchange.mts';
import {
	findByteInterruption,
	type Interruption,
	interruptionPoint,
	interruptions,
	type Outcome,
} from '../faults/interruptions.mts';
import { AnswerStream, openSink, type StreamRecipe } from './answerStream.mts';

export interface Head {
	status: number;
	headers: Record<string, string>;
	/** Content-Length in bytes. */
	length: number;
}

export async function sendJson(exchange: Exchange, status: number, value: unknown): Promise<void> {
	// A string is JSON already, perhaps broken on purpose.
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	await sendText(exchange, status, 'application/json', text);
}

export async function sendText(
	exchange: Exchange,
	status: number,
	contentType: string,
	text: string,
): Promise<void> {
	const headers: Record<string, string> = { 'content-type': contentType };
	let bytes = Buffer.from(text);
	// As servers do: not for a client that asks for the body as it is.
	const isAccepted = exchange.request.headers['accept-encoding'] !== 'identity';
	if (exchange.directives.has('gzip') && isAccepted) {
		bytes = gzipSync(bytes);
		headers['content-encoding'] = 'gzip';
	}
	await sendBytes(exchange, { status, headers, length: bytes.length }, [bytes]);
}

/** Sends a body of known length, unless a directive ends it early. */
export async function sendBytes(
	exchange: Exchange,
	{ status, headers, length }: Head,
	chunks: Iterable<Buffer>,
): Promise<void> {
	exchange.raw.writeHead(status, { ...headers, 'content-length': length });
	const interruption = findByteInterruption(exchange, length);
	const sink = openSink(exchange, false);
	let left = interruption?.after ?? Infinity;
	for (const chunk of chunks) {
		const part = chunk.length > left ? chunk.subarray(0, left) : chunk;
		left -= part.length;
		await sink.write(part);
		if (interruption && left === 0) {
			await interruption.act(exchange);
			return;
		}
		if (exchange.isClosed) return;
	}
	await sink.end();
}

interface Stop {
	after: number;
	act(stream: AnswerStream): Promise<Outcome>;
}

/** Streams an answer: paced, held and interrupted as requested. @returns whether it came to its end */
export async function streamAnswer(exchange: Exchange, recipe: StreamRecipe): Promise<boolean> {
	const pace =
		exchange.directives.number('pace', 'ms') ?? exchange.service.options.paceMilliseconds;
	const stops = planStops(exchange, recipe);
	const stream = new AnswerStream(exchange, recipe);
	recipe.opening.forEach((payload) => stream.add(payload));
	for (const payload of stream.fragments()) {
		if ((await meetStops(stream, stops, false)) === 'over' || exchange.isClosed) return false;
		if (pace) await keepPace(stream, pace);
		await stream.addFragment(payload);
	}
	if ((await meetStops(stream, stops, true)) === 'over') return false;
	await stream.finish();
	return true;
}

async function keepPace(stream: AnswerStream, milliseconds: number): Promise<void> {
	await stream.flush();
	if (stream.exchange.record.fragmentsSent > 0) await stream.exchange.wait(milliseconds);
}

function planStops(exchange: Exchange, recipe: StreamRecipe): Stop[] {
	const stops: Stop[] = [];
	for (const directive of exchange.directives.list) {
		const interruption = interruptions[directive.name];
		if (!interruption) continue;
		if (interruption.protocol && interruption.protocol !== recipe.protocol) continue;
		stops.push(toStop(interruption, directive));
	}
	const hold = exchange.service.holds.take();
	return hold ? [holdStop(hold), ...stops] : stops;
}

function toStop(interruption: Interruption, directive: Directive): Stop {
	return {
		after: interruptionPoint(directive) ?? 1,
		act: async (stream) => await interruption.act(stream, directive),
	};
}

function holdStop(hold: PendingHold): Stop {
	return {
		after: hold.after,
		act: async (stream) => {
			await stream.flush();
			await Promise.race([hold.wait(), stream.exchange.untilClosed()]);
			return 'go on';
		},
	};
}

/** Acts on those that are due; at the end on those that the answer was too short for, too. */
async function meetStops(stream: AnswerStream, stops: Stop[], atEnd: boolean): Promise<Outcome> {
	const sent = stream.exchange.record.fragmentsSent;
	for (const stop of stops) {
		if (stop.after !== sent && !(atEnd && stop.after > sent)) continue;
		if ((await stop.act(stream)) === 'over') return 'over';
	}
	return 'go on';
}
