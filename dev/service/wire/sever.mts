import type { Exchange } from '../exchange.mts';

/** Closes the connection in order (FIN) although the body has not ended. */
export function cut(exchange: Exchange): void {
	exchange.record.finished = 'cut';
	if (!exchange.raw.headersSent) exchange.raw.flushHeaders();
	exchange.raw.socket?.destroySoon();
}

/** Aborts the connection (RST). What was written before still reaches the client. */
export async function reset(exchange: Exchange): Promise<void> {
	// One turn of the event loop lets the bytes written just now leave first.
	await new Promise((resolve) => setImmediate(resolve));
	exchange.record.finished = 'cut';
	const { socket } = exchange.raw;
	if (!socket) return;
	exchange.service.connections.tcpSocketOf(socket).resetAndDestroy();
}
