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

/** Rewrites every character of a text. */
const each = (text: string, spell: (code: number) => string) =>
	Array.from(text, (letter) => spell(letter.charCodeAt(0))).join('');
const hex = (code: number) => code.toString(16).padStart(4, '0');
/** JSON of an error whose texts are spelled in some way that needs no further escaping. */
const spelled = (spelling: string) =>
	`{"error":{"message":"Got ${spelling}","code":"${spelling}","type":"${spelling}"}}`;

/** In which other ways a service may write down what it was sent. */
const spellings: Record<string, (headers: string) => string> = {
	'json in escapes': (headers) => each(headers, (code) => `\\u${hex(code)}`),
	'json of PHP': (headers) => JSON.stringify(headers).slice(1, -1).replaceAll('/', '\\/'),
	'in a URL, small letters': (headers) => encodeURIComponent(headers).toLowerCase(),
	'in a URL, every letter': (headers) => each(headers, (code) => `%${hex(code).slice(2)}`),
	'in references of HTML': (headers) => each(headers, (code) => `&#${code};`),
	'in base64': (headers) => Buffer.from(headers).toString('base64'),
	'URL-safe': (headers) => Buffer.from(headers).toString('base64url'),
	'in hexadecimal': (headers) => Buffer.from(headers).toString('hex'),
};

export const reflections: Record<string, Reflection> = {
	...Object.fromEntries(
		Object.entries(spellings).map(([name, spell]) => [
			name,
			(headers: string, response: ServerResponse) =>
				send(response, 400, 'application/json', spelled(spell(headers))),
		]),
	),
	'behind much text': (headers, response) => json(400)(`${'x'.repeat(270)} ${headers}`, response),
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
	'question as a GET elsewhere': (_headers, response, foreign) => {
		response.writeHead(303, { location: `${foreign}/chat` }).end();
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
	const { 'x-team': team, 'x-token': token, 'x-auth': auth } = others;
	const organization = others['openai-organization'];
	return JSON.stringify({
		cookie,
		authorization,
		team,
		token,
		auth,
		organization,
		proxy: others['proxy-authorization'],
	});
}
