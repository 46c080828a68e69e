import { readText } from '../decode/body';
import { asObject, asText, parseJson } from '../decode/json';
import { type ProviderError, toProviderError } from '../errors';
import type { Outgoing } from '../http/sendFollowing';
import { isWebPage, pageError, unexpected } from '../http/serviceErrors';
import type { TransportResponse } from '../Transport';
import type { ModelKind } from '../types';

const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Parts of the names of models that make images. */
const DRAWS =
	/dall-?e|image|flux|diffusion|sdxl|\bsd(-cpp|\d)|kandinsky|playground|recraft|ideogram|seedream|cogview|nano-?banana|hidream|midjourney|photon|kolors/i;
const ADVICE = "Enter the model's ID, or check the base URL in the credential.";

/**
 * The model IDs that a server lists under `/models`, each once: none left out for Chat, for Image those that make
 * images come first. Lists come as `data`, `models`, `result` or bare, entries as objects or names.
 * @throws ProviderError `protocol` where there is no list, or an empty one
 */
export async function listModels(
	url: string,
	kind: ModelKind,
	send: (request: Outgoing) => Promise<TransportResponse>,
	signal?: AbortSignal,
): Promise<string[]> {
	const headers = { accept: 'application/json' };
	try {
		const response = await send({ method: 'GET', url: `${url}/models`, headers, signal });
		const names = await readNames(response);
		if (kind === 'chat') return names.sort();
		return names.sort((a, b) => Number(DRAWS.test(b)) - Number(DRAWS.test(a)) || (a < b ? -1 : 1));
	} catch (error) {
		throw noList(toProviderError(error));
	}
}

async function readNames(response: TransportResponse): Promise<string[]> {
	const body = await readText(response.body, MAX_LIST_BYTES);
	if (isWebPage(body)) throw pageError(response, body);
	const parsed = parseJson(body);
	const list = parsed.ok ? entriesOf(parsed.value) : [];
	const names = [...new Set(list.map(nameOf).filter((name) => name !== undefined))];
	if (names.length > 0) return names;
	throw unexpected('The server lists no models', response, body).with({ explanation: ADVICE });
}

/** The failure of a server that answers, but has no list; others as they are. */
function noList(error: ProviderError): ProviderError {
	const { status = 0 } = error.details;
	if (error.kind !== 'http' || ![404, 405, 500, 501].includes(status)) return error;
	return error.with({ explanation: `This server does not list its models. ${ADVICE}` });
}

function entriesOf(value: unknown): unknown[] {
	const { data, models, result } = asObject(value) ?? {};
	return [value, data, models, result].find((list) => Array.isArray(list)) ?? [];
}

function nameOf(entry: unknown): string | undefined {
	const { id, name, model } = asObject(entry) ?? {};
	const given = asText(id);
	// GitHub's and Azure's lists give the address of a model as its ID; requests want its name.
	if (given?.startsWith('azureml://') === true) return asText(name) ?? given;
	return asText(entry) ?? given ?? asText(name) ?? asText(model);
}
