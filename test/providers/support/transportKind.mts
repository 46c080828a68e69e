import type { Transport } from '../../../providers/Transport.ts';
import type { Access } from './access.mts';

/** A transport that is ready for requests. */
export interface OpenTransport {
	/** Runs the body where the transport works, and gives back or throws what the body does. */
	use<T>(body: (transport: Transport) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

/** One way for bytes to reach a service. */
export interface TransportKind {
	name: string;
	open(access: Access, baseUrl: string): Promise<OpenTransport>;
}
