import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP proxy that passes requests on without what was meant for itself. */
export async function startForwardingProxy() {
	const authorizations: string[] = [];
	const server = createServer((request, response) => {
		const { 'proxy-authorization': authorization = '', ...headers } = request.headers;
		authorizations.push(authorization);
		const onward = send(request.url ?? '', { method: request.method, headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
			answer.on('error', () => response.destroy());
			answer.on('aborted', () => response.destroy());
		});
		onward.on('error', () => response.destroy());
		request.pipe(onward);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		authorizations,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
