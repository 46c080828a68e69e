import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SeenRequest {
	path: string;
	headers: IncomingMessage['headers'];
	closed: Promise<unknown>;
}

type Handler = (path: string, response: ServerResponse) => void;

export async function startServer(handle: Handler) {
	const requests: SeenRequest[] = [];
	const server = createServer((request, response) => {
		const path = request.url ?? '';
		requests.push({ path, headers: request.headers, closed: once(response, 'close') });
		server.emit('seen');
		handle(path, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		requests,
		seen: () => once(server, 'seen'),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

export function answer(path: string, response: ServerResponse): void {
	if (path.startsWith('/hang')) return;
	const status = path.startsWith('/status/') ? Number(path.split('/').at(-1)) : 200;
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(JSON.stringify({ path, state: path === '/blocked' ? 'blocked' : 'fine' }));
}
