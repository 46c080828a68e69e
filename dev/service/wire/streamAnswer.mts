import type { Exchange } from '../exchange.mts';
import type { Directive } from '../directives/directive.mts';
import {
	interruptionPoint,
	interruptions,
	type Interruption,
	type Outcome,
} from '../faults/interruptions.mts';
import type { PendingHold } from '../holds.mts';
import { AnswerStream, type StreamRecipe } from './answerStream.mts';

interface Stop {
	after: number;
	act(stream: AnswerStream): Promise<Outcome>;
}

/** Streams an answer: paced, held and interrupted as asked. */
export async function streamAnswer(exchange: Exchange, recipe: StreamRecipe): Promise<void> {
	const pace =
		exchange.directives.number('pace', 'ms') ?? exchange.service.options.paceMilliseconds;
	const stops = planStops(exchange, recipe);
	const stream = new AnswerStream(exchange, recipe);
	recipe.opening.forEach((payload) => stream.add(payload));
	for (const payload of stream.fragments()) {
		if ((await meetStops(stream, stops, false)) === 'over' || exchange.isClosed) return;
		if (pace) await keepPace(stream, pace);
		await stream.addFragment(payload);
	}
	if ((await meetStops(stream, stops, true)) === 'over') return;
	await stream.finish();
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
