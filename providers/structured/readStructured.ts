import type { ParseResult } from '../decode/json';
import type { ResponseFormat } from '../options';
import { extractJson } from './extractJson';
import { schemaFault } from './validate';

/** The value that an answer holds, checked against the format; or why it cannot be used. */
export function readStructured(answer: string, format: ResponseFormat): ParseResult {
	const parsed = extractJson(answer);
	if (!parsed.ok) return parsed;
	if (format.type === 'json_object') {
		const fault = schemaFault(parsed.value, { type: 'object' });
		return fault === undefined ? parsed : { ok: false, reason: fault };
	}
	const fault =
		format.type === 'json_schema' ? schemaFault(parsed.value, format.schema) : undefined;
	return fault === undefined ? parsed : { ok: false, reason: fault };
}
