import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Passes connections on as if the service were far away: each piece takes half of the round trip in either direction,
 * and to connect takes a whole one, as it does with TCP.
 * @param roundTrip in ms
 * @returns the URL to use instead
 */
export async function startRelay(serviceUrl: string, roundTrip: number): Promise<string> {
	const { hostname: host, port, protocol } = new URL(serviceUrl);
	const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
		const service = connect({ port: Number(port), host, noDelay: true, allowHalfOpen: true });
		const connected = performance.now() + roundTrip;
		passOn(client, service, (time) => Math.max(time, connected) + roundTrip / 2);
		passOn(service, client, (time) => time + roundTrip / 2);
	});
	server.listen(0, host).unref();
	await once(server, 'listening');
	return `${protocol}//${host}:${(server.address() as AddressInfo).port}`;
}

/** One after another, each when it is due. */
function passOn(from: Socket, to: Socket, due: (time: number) => number): void {
	let last = Promise.resolve();
	const later = (act: () => void) => {
		const time = due(performance.now());
		last = last.then(async () => {
			const left = time - performance.now();
			if (left > 0) await delay(left);
			act();
		});
	};
	from.on('data', (bytes: Buffer) => later(() => void to.write(bytes)));
	from.on('end', () => later(() => void to.end()));
	from.on('error', () => to.destroy());
}
