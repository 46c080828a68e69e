import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOME_PAGE = '<!doctype html><html><title>Welcome</title><body>Welcome!</body></html>';

/** A server that answers every request in the same way; by default with its home page. */
export async function startWebSite(contentType = 'text/html', body = HOME_PAGE) {
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(200, { 'content-type': contentType });
		response.end(body);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
