import { CERTIFICATE } from '../support/tls/certificate.mts';

/** Options for a service that speaks https with a certificate of its own making. */
export async function encrypted() {
	return { tls: CERTIFICATE };
}
