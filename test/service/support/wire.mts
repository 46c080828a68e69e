import { connect, type Socket } from 'node:net';

export interface WireAnswer {
	/** All that came, head included. */
	raw: Buffer;
	status: number;
	/** Lower-case names. */
	head: string;
	/** As it came: chunked bodies with their chunk lines. */
	body: Buffer;
	/** How the server ended the connection. */
	ending: 'FIN' | 'RST';
	/** Did the body reach its end? */
	isWhole: boolean;
}

export interface WireRequest {
	method?: string;
	path: string;
	body?: unknown;
	headers?: Record<string, string>;
}

/** Opens a socket and writes one request on it, so that nothing is smoothed over. */
export function openWire(
	url: string,
	{ method = 'POST', path, body, headers }: WireRequest,
): Socket {
	const { hostname, port } = new URL(url);
	const text = body === undefined ? '' : JSON.stringify(body);
	const lines = Object.entries({
		host: `${hostname}:${port}`,
		connection: 'close',
		'content-type': 'application/json',
		'content-length': String(Buffer.byteLength(text)),
		...headers,
	}).map(([name, value]) => `${name}: ${value}`);
	const socket = connect(Number(port), hostname);
	socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
	return socket;
}

/** Everything the server sends until it ends the connection. */
export async function onWire(url: string, request: WireRequest): Promise<WireAnswer> {
	const socket = openWire(url, request);
	const received: Buffer[] = [];
	socket.on('data', (bytes: Buffer) => received.push(bytes));
	const ending = await new Promise<'FIN' | 'RST'>((resolve, reject) => {
		socket.once('end', () => resolve('FIN'));
		socket.once('error', (error: NodeJS.ErrnoException) =>
			error.code === 'ECONNRESET' ? resolve('RST') : reject(error),
		);
	});
	return readAnswer(Buffer.concat(received), ending);
}

function readAnswer(raw: Buffer, ending: 'FIN' | 'RST'): WireAnswer {
	const border = raw.indexOf('\r\n\r\n');
	const head = raw.subarray(0, Math.max(border, 0)).toString('latin1').toLowerCase();
	const body = raw.subarray(border < 0 ? raw.length : border + 4);
	const length = /content-length: (\d+)/.exec(head)?.[1];
	const endsChunks = body.subarray(-5).toString('latin1') === '0\r\n\r\n';
	const isWhole = length === undefined ? endsChunks : body.length === Number(length);
	return { raw, status: Number(head.split(' ')[1] ?? 0), head, body, ending, isWhole };
}

/** The pieces of a chunked body: one for each write of the server. */
export function httpChunks(body: Buffer): Buffer[] {
	const pieces: Buffer[] = [];
	for (let start = 0; start < body.length; ) {
		const lineEnd = body.indexOf('\r\n', start);
		const size = Number.parseInt(body.subarray(start, lineEnd).toString('latin1'), 16);
		if (!(size > 0)) break;
		pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
		start = lineEnd + 2 + size + 2;
	}
	return pieces;
}

/** A chunked body without its chunk lines. */
export function unchunked(body: Buffer): string {
	return Buffer.concat(httpChunks(body)).toString('utf8');
}
