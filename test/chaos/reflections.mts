import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A way in which a server gives away what it was sent. */
type Reflection = (headers: string, response: ServerResponse, foreign: string) => void;

function send(response: ServerResponse, status: number, type: string, body: string): void {
	response.writeHead(status, { 'content-type': type });
	response.end(body);
}

const error = (headers: string) => ({
	error: { message: `Got ${headers}`, code: headers, type: headers },
});
const json = (status: number) => (headers: string, response: ServerResponse) =>
	send(response, status, 'application/json', JSON.stringify(error(headers)));
const page = (title: string, body: string) =>
	`<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`;
const stream = (response: ServerResponse, payloads: string[]) =>
	send(
		response,
		200,
		'text/event-stream',
		payloads.map((payload) => `data: ${payload}\n\n`).join(''),
	);
const delta = (content: string, finish: string | null = null) =>
	JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] });

/** Only for the protocol that has errors in its streams. */
export const ERROR_IN_STREAM = 'error in a stream';

export const reflections: Record<string, Reflection> = {
	'400 json': json(400),
	'401 json': json(401),
	'429 json': json(429),
	'500 json': json(500),
	'503 json': json(503),
	'200 json': json(200),
	'403 text': (headers, response) => send(response, 403, 'text/plain', `Who are you, ${headers}?`),
	'500 page': (headers, response) => send(response, 500, 'text/html', page(headers, headers)),
	'200 page': (headers, response) => send(response, 200, 'text/html', page(headers, headers)),
	captcha: (headers, response) =>
		send(response, 200, 'text/html', page('Just a moment...', headers)),
	'no image': (headers, response) =>
		send(response, 200, 'application/json', JSON.stringify({ data: [{ note: headers }] })),
	'broken json': (headers, response) => send(response, 200, 'application/json', `{"a": ${headers}`),
	'request id': (headers, response) => {
		response.setHeader('x-request-id', headers.replace(/[^\x20-\x7e]/g, ''));
		json(500)(headers, response);
	},
	// To an Ai-Chats client this is an answer, as good as any.
	[ERROR_IN_STREAM]: (headers, response) =>
		stream(response, [delta('Hel'), JSON.stringify(error(headers))]),
	'redirect to another origin': (_headers, response, foreign) => {
		response.writeHead(307, { location: `${foreign}/chat` }).end();
	},
	'redirect to nowhere': (headers, response) => {
		response.writeHead(307, { location: `file:///${encodeURIComponent(headers)}` }).end();
	},
	'link to another origin': (_headers, response, foreign) =>
		send(
			response,
			200,
			'application/json',
			JSON.stringify({ data: [{ url: `${foreign}/a.png` }] }),
		),
	'link with the secret in it': (headers, response) => {
		const url = `ftp://x/${encodeURIComponent(headers)}`;
		send(response, 200, 'application/json', JSON.stringify({ data: [{ url }] }));
	},
	'cut in the middle': (headers, response) => {
		response.writeHead(500, { 'content-type': 'text/plain' });
		response.write(headers, () => response.destroy());
	},
};

/** Answers with the way that the prompt names; a prompt that names none gets a good answer. */
export function reflect(
	request: IncomingMessage,
	response: ServerResponse,
	body: string,
	foreign: string,
): void {
	const name = Object.keys(reflections).find((known) => body.includes(known));
	if (name !== undefined) reflections[name]?.(told(request.headers), response, foreign);
	else stream(response, [delta('Good.', 'stop')]);
}

/** The secrets' headers first, so that they are not cut off. */
function told({ cookie, authorization, ...others }: IncomingHttpHeaders): string {
	const { 'x-team': team, 'x-token': token } = others;
	return JSON.stringify({
		cookie,
		authorization,
		team,
		token,
		proxy: others['proxy-authorization'],
	});
}
