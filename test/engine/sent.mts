import type { MultipartPart, RecordedRequest } from '../../dev/service/index.mts';
import type { Bench } from './support.mts';

/** What the service received, in order of arrival. */
export function bodies(bench: Bench): Array<Record<string, unknown>> {
	return bench.service.requests
		.filter(({ method }) => method === 'POST')
		.map(({ body }) => body as Record<string, unknown>);
}

/** The conversation of the only request, as it stood in an Ai-Chats body. */
export function history(bench: Bench): unknown {
	const [body, ...others] = bodies(bench);
	if (others.length > 0) throw new Error(`${others.length + 1} requests came instead of one`);
	return body?.['messagesHistory'];
}

/** The conversations of all requests that an OpenAI-compatible server got. */
export function conversations(bench: Bench): unknown[] {
	return bodies(bench).map(({ messages }) => messages);
}

export function parts(bench: Bench): MultipartPart[] {
	return bench.service.requests[0]?.body as MultipartPart[];
}

/** The parts that are fields, as an object. */
export function formFields(bench: Bench): Record<string, string> {
	const fields = parts(bench).filter(({ fileName }) => fileName === undefined);
	return Object.fromEntries(fields.map(({ name, bytes }) => [name, bytes.toString()]));
}

export function toImages(bench: Bench): RecordedRequest[] {
	return bench.service.requests.filter(({ origin }) => origin === 'images');
}
