import {
	createServer,
	type IncomingMessage,
	request as ask,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Endpoint } from '../../dev/servers/recipe.mts';

/** What is answered instead of asking the server. */
interface Refusal {
	status: number;
	message: string;
}

/** Stands before a server on loopback: counts what it is asked, and refuses what the check wants refused. */
export class Front {
	/** How often each path was asked for by POST, without the query. */
	readonly asked: Record<string, number> = {};

	private constructor(
		readonly endpoint: Endpoint,
		private readonly server: Server,
	) {}

	/** @param refuse looks at the path of each POST */
	static async open(
		endpoint: Endpoint,
		refuse: (path: string) => Refusal | undefined = () => undefined,
	): Promise<Front> {
		const { origin, pathname } = new URL(endpoint.baseUrl);
		const holder: { front?: Front } = {};
		const server = createServer((incoming, outgoing) => {
			const path = (incoming.url ?? '').replace(/\?.*/, '');
			const isPost = incoming.method === 'POST';
			if (isPost) holder.front?.note(path);
			const refusal = isPost ? refuse(path) : undefined;
			if (refusal === undefined) passOn(origin, incoming, outgoing);
			else answer(outgoing, refusal);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const baseUrl = `http://127.0.0.1:${port}${pathname}`;
		holder.front = new Front({ ...endpoint, baseUrl }, server);
		return holder.front;
	}

	/** How many requests went to paths with this end. */
	count(end: string): number {
		const found = Object.entries(this.asked).filter(([path]) => path.endsWith(end));
		return found.reduce((sum, [, count]) => sum + count, 0);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private note(path: string): void {
		this.asked[path] = (this.asked[path] ?? 0) + 1;
	}
}

/** Piece by piece, so that streams stay streams; what breaks at one end breaks at the other. */
function passOn(origin: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
	const { method, headers, url } = incoming;
	const host = new URL(origin).host;
	const passed = ask(origin + url, { method, headers: { ...headers, host } }, (response) => {
		outgoing.writeHead(response.statusCode ?? 502, response.headers);
		response.on('error', () => outgoing.destroy()).pipe(outgoing);
	});
	passed.on('error', () => outgoing.destroy());
	outgoing.on('close', () => passed.destroy());
	incoming.pipe(passed);
}

function answer(outgoing: ServerResponse, { status, message }: Refusal): void {
	outgoing.writeHead(status, { 'content-type': 'application/json' });
	outgoing.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}
