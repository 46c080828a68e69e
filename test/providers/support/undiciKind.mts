import { UndiciTransport } from '../../../dev/transport/UndiciTransport.mts';
import type { Access } from './access.mts';
import type { TransportKind } from './transportKind.mts';

/** Through undici's pooled sockets, with no n8n anywhere. */
export const undiciKind: TransportKind = {
	name: 'undici',
	async open(access) {
		const { proxyUrl, allowUnauthorizedCerts } = access;
		const transport = new UndiciTransport({
			headers: headersOf(access),
			...(proxyUrl === undefined ? {} : { proxyUrl }),
			...(allowUnauthorizedCerts === undefined ? {} : { allowUnauthorizedCerts }),
		});
		return {
			use: async (body) => await body(transport),
			close: async () => await transport.close(),
		};
	},
};

function headersOf({ sessionCookieSecret, apiKey }: Access): Record<string, string> {
	return {
		...(sessionCookieSecret === undefined ? {} : { cookie: sessionCookieSecret }),
		...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
	};
}
