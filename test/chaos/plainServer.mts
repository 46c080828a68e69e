import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PlainServer {
	url: string;
	/** How many requests came. */
	count(): number;
	close(): Promise<void>;
}

/** A server for what the local service does not do. */
export async function startPlainServer(answer: RequestListener): Promise<PlainServer> {
	let requests = 0;
	const server = createServer((request, response) => {
		requests += 1;
		answer(request, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		count: () => requests,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** A server that gives every request this answer. */
export async function startAnswering(
	status: number,
	value: unknown,
	headers: Record<string, string> = {},
): Promise<PlainServer> {
	return await startPlainServer((_request, response) => {
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(JSON.stringify(value));
	});
}

/** The address of a server that was there and is gone. */
export async function goneAddress(): Promise<string> {
	const server = await startAnswering(200, {});
	await server.close();
	return server.url;
}
