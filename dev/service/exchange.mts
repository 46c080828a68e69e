import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';

import { Directives } from './directives/directive.mts';
import type { RecordedRequest } from './recording/recordedRequest.mts';
import type { ServiceContext } from './serviceContext.mts';

/** One request and the answer it gets. The answer is written to the raw response throughout. */
export class Exchange {
	directives = new Directives();
	/** Those for the GET of the image that this answer names. */
	pictureDirectives = new Directives();
	/** The prompt as it came: the key of `times=` and of chaos. */
	promptKey = '';
	readonly record: RecordedRequest;
	readonly raw: ServerResponse;

	constructor(
		readonly service: ServiceContext,
		readonly request: FastifyRequest,
		reply: FastifyReply,
	) {
		this.record = request.record;
		this.raw = reply.raw;
		reply.hijack();
		this.raw.setHeader('x-request-id', request.id);
	}

	get body(): unknown {
		return this.request.body;
	}

	get isClosed(): boolean {
		return this.raw.closed || this.raw.destroyed;
	}

	/** Waits, or less when the connection ends before. */
	async wait(milliseconds: number): Promise<void> {
		if (milliseconds <= 0 || this.isClosed) return;
		await new Promise<void>((resolve) => {
			const finish = (): void => {
				clearTimeout(timer);
				this.raw.off('close', finish);
				resolve();
			};
			const timer = setTimeout(finish, milliseconds);
			this.raw.once('close', finish);
		});
	}

	async untilClosed(): Promise<void> {
		if (this.isClosed) return;
		await new Promise<void>((resolve) => this.raw.once('close', () => resolve()));
	}
}
