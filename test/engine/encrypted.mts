import { generate } from 'selfsigned';

/** Options for a service that speaks https with a certificate of its own making. */
export async function encrypted() {
	const names = [{ type: 7 as const, ip: '127.0.0.1' }];
	const extensions = [{ name: 'subjectAltName' as const, altNames: names }];
	const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], { extensions });
	return { tls: { key: pems.private, cert: pems.cert } };
}
