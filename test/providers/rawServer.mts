import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

/** A server that answers every request with these bytes and closes; for framings no HTTP library sends. */
export async function startRawServer(answer: string): Promise<string> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.once('data', () => socket.end(answer));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An event stream's head with these further header lines. */
export function head(...lines: string[]): string {
	return ['HTTP/1.1 200 OK', 'content-type: text/event-stream', ...lines, '', ''].join('\r\n');
}

export function httpChunk(content: string): string {
	return `${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n`;
}
