import { readText } from '../decode/body';
import { asObject, asText, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import { errorDetails, isWebPage, pageError } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ModelKind } from '../types';

const MAX_LIST_BYTES = 16 * 1024 * 1024;
const DRAWS =
	/dall-?e|image|imagen|flux|diffusion|sdxl|\bsd\d|kandinsky|playground|recraft|ideogram/i;

/**
 * The model ids of an answer to `/models`: none left out for Chat, for Image those that draw come
 * first. Lists come as `data`, as `models` or bare, entries as objects or names.
 */
export async function readModels(response: TransportResponse, kind: ModelKind): Promise<string[]> {
	const body = await readText(response.body, MAX_LIST_BYTES);
	if (isWebPage(body)) throw pageError(response, body);
	const parsed = parseJson(body);
	const list = parsed.ok ? entriesOf(parsed.value) : undefined;
	if (list === undefined) {
		const details = errorDetails(response, body);
		throw new ProviderError('protocol', 'The service sent no list of models', details);
	}
	const names = list.map(nameOf).filter((name) => name !== undefined);
	if (kind === 'chat') return names.sort();
	return names.sort((a, b) => Number(DRAWS.test(b)) - Number(DRAWS.test(a)) || (a < b ? -1 : 1));
}

function entriesOf(value: unknown): unknown[] | undefined {
	const { data, models } = asObject(value) ?? {};
	return [value, data, models].find((list) => Array.isArray(list)) as unknown[] | undefined;
}

function nameOf(entry: unknown): string | undefined {
	const { id, name, model } = asObject(entry) ?? {};
	return asText(entry) ?? asText(id) ?? asText(name) ?? asText(model);
}
