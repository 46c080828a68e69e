/**
 * Loaded into n8n before its own code (`--import`): collects garbage when it is asked to, by a request to
 * the socket that AICHATS_BENCH_SOCKET names. Processes that n8n starts have the same environment and
 * are left alone.
 */
import { createServer } from 'node:http';

import { settle } from '../../test/memory/watchMemory.mts';

const socket = process.env['AICHATS_BENCH_SOCKET'];

if (socket !== undefined && process.argv.includes('start')) {
	const server = createServer((_request, response) => {
		void settle().then(() => response.end());
	});
	server.listen(socket).unref();
}
