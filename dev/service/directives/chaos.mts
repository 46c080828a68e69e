import type { ChaosOptions } from '../options.mts';
import type { Directive } from './directive.mts';
import { parseDirectives } from './parse.mts';

/**
 * Draws for one request. The seed is mixed with the prompt and the attempt rather than with
 * the order of arrival, which is never the same twice when requests run in parallel.
 */
export function drawChaos(chaos: ChaosOptions, prompt: string, attempt: number): Directive[] {
	if (chaos.faults.length === 0) return [];
	const next = generator(hash(`${chaos.seed} ${attempt} ${prompt}`));
	if (next() >= chaos.rate) return [];
	return parseDirectives(chaos.faults[Math.floor(next() * chaos.faults.length)]);
}

/** FNV-1a, 32 bits. */
export function hash(text: string): number {
	let state = 0x811c9dc5;
	for (let index = 0; index < text.length; index += 1) {
		state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
	}
	return state >>> 0;
}

/** mulberry32: numbers from 0 up to but without 1. */
function generator(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
