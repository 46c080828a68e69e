import { asObject, type JsonObject } from '../decode/json';
import type { Place } from './Walk';

/** A schema is the user's own JSON: what is not a name in it rules nothing, and may not even be printable. */
export function strings(list: unknown): string[] {
	return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

export function isOfType(value: unknown, type: string): boolean {
	if (type === 'integer') return Number.isInteger(value);
	if (type === 'array') return Array.isArray(value);
	if (type === 'null') return value === null;
	if (type === 'object') return asObject(value) !== undefined;
	return typeof value === type;
}

export function checkText(value: unknown, schema: JsonObject, place: Place): string | undefined {
	if (typeof value !== 'string') return undefined;
	const { minLength, maxLength, pattern } = schema;
	const { path, walk } = place;
	if (typeof minLength === 'number' || typeof maxLength === 'number') {
		// Characters, not the halves that some of them are kept in.
		const length = walk.spend(value.length >> 4) ? lengthOf(value) : undefined;
		if (length === undefined) return undefined;
		if (typeof minLength === 'number' && length < minLength) return `${path} is too short`;
		if (typeof maxLength === 'number' && length > maxLength) return `${path} is too long`;
	}
	if (typeof pattern !== 'string' || walk.matches(value, pattern) !== false) return undefined;
	return `${path} must match ${pattern}`;
}

function lengthOf(text: string): number {
	let length = 0;
	for (let position = 0; position < text.length; position++) {
		if ((text.codePointAt(position) ?? 0) > 0xffff) position++;
		length++;
	}
	return length;
}

export function checkNumber(
	value: unknown,
	schema: JsonObject,
	{ path }: Place,
): string | undefined {
	if (typeof value !== 'number') return undefined;
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
	if (typeof minimum === 'number' && value < minimum) return `${path} is below ${minimum}`;
	if (typeof maximum === 'number' && value > maximum) return `${path} is above ${maximum}`;
	if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) {
		return `${path} must be above ${exclusiveMinimum}`;
	}
	if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) {
		return `${path} must be below ${exclusiveMaximum}`;
	}
	return undefined;
}

/** Deeper values cannot be copied or written down again by everything in n8n. */
export const MAX_LEVELS = 500;

/** What makes a value, though valid JSON, one that n8n cannot keep; undefined for nothing. */
export function valueFault(value: unknown): string | undefined {
	let level: unknown[] = [value];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > MAX_LEVELS) return `the answer is nested deeper than ${MAX_LEVELS} levels`;
		const next: unknown[] = [];
		for (const part of level) {
			if (typeof part === 'number' && !Number.isFinite(part)) {
				return 'the answer holds a number that is too large';
			}
			if (typeof part !== 'object' || part === null) continue;
			const parts: unknown[] = Array.isArray(part) ? part : Object.values(part);
			for (const inner of parts) next.push(inner);
		}
		level = next;
	}
	return undefined;
}
