import { once } from 'node:events';

import { startPlainServer } from '../../chaos/plainServer.mts';

/** A server that takes forms, as a blog might. */
export async function startReceiver() {
	const forms: FormData[] = [];
	const server = await startPlainServer((request, response) => {
		void (async () => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			await once(request, 'end');
			const headers = { 'content-type': request.headers['content-type'] ?? '' };
			forms.push(await new Response(Buffer.concat(parts), { headers }).formData());
			response.writeHead(201, { 'content-type': 'application/json' });
			response.end('{"id":1}');
		})();
	});
	return { ...server, forms };
}
