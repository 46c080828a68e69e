import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Numbers the connections of both origins and can end them all. */
export class Connections {
	opened = 0;
	private lastNumber = 0;
	private readonly sockets = new Map<string, Socket>();
	private readonly numbers = new Map<string, number>();

	watch(server: Server): void {
		server.on('connection', (socket: Socket) => {
			const key = keyOf(socket);
			this.opened += 1;
			this.lastNumber += 1;
			this.sockets.set(key, socket);
			this.numbers.set(key, this.lastNumber);
			socket.once('close', () => {
				if (this.sockets.get(key) === socket) this.sockets.delete(key);
				this.numbers.delete(key);
			});
		});
	}

	get open(): number {
		return this.sockets.size;
	}

	numberOf(socket: Socket): number {
		return this.numbers.get(keyOf(socket)) ?? 0;
	}

	/** The TCP socket below a TLS one (only that can be reset), or the socket itself. */
	tcpSocketOf(socket: Socket): Socket {
		return this.sockets.get(keyOf(socket)) ?? socket;
	}

	/** Settles when every one has reported its end, so that nothing is counted as open after. */
	async destroyAll(): Promise<void> {
		const ended = [...this.sockets.values()].map(async (socket) => {
			const closed = once(socket, 'close');
			socket.destroy();
			await closed;
		});
		await Promise.all(ended);
	}
}

// The pair of ports names a connection for the TCP socket and for the TLS socket above it.
function keyOf(socket: Socket): string {
	return `${socket.localPort}-${socket.remotePort}`;
}
