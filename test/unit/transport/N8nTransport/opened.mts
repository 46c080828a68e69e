import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { TransportRequest } from '../../../../providers/Transport.ts';
import { N8nTransport } from '../../../../transport/N8nTransport.ts';
import { strict } from '../../../support/strictContext.mts';
import { streamOf } from '../../../support/streams.mts';

export const POST: TransportRequest = {
	method: 'POST',
	url: 'https://ai-chats.org/chat/send2/',
	headers: { accept: 'text/event-stream' },
	body: '{}',
	authenticated: true,
};

interface Call {
	helper: string;
	credentialType?: string;
	thisContext?: unknown;
	options: IHttpRequestOptions;
}

/** A body as n8n gives it back: a stream that can be destroyed. */
export function bodyOf(...parts: Array<Uint8Array | Error>) {
	const state = { destroyed: false };
	const body = Object.assign(streamOf<Uint8Array>(...parts), {
		destroy: () => {
			state.destroyed = true;
		},
	});
	return { state, body };
}

export function open(
	answer: (options: IHttpRequestOptions) => unknown,
	{ credential = {} }: { credential?: object } = {},
) {
	const calls: Call[] = [];
	const helpers = strict<IExecuteFunctions['helpers']>('helpers', {
		httpRequest: async (options: IHttpRequestOptions) => {
			calls.push({ helper: 'httpRequest', options });
			return answer(options);
		},
		async httpRequestWithAuthentication(
			this: unknown,
			credentialType: string,
			options: IHttpRequestOptions,
		) {
			const helper = 'httpRequestWithAuthentication';
			calls.push({ helper, credentialType, thisContext: this, options });
			return answer(options);
		},
	});
	const context = strict<IExecuteFunctions>('context', { helpers });
	return { calls, context, transport: new N8nTransport(context, 'aiChatsApi', { ...credential }) };
}

export function ok(...parts: Array<Uint8Array | Error>) {
	return { statusCode: 200, headers: {}, body: bodyOf(...parts).body };
}
