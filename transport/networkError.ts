import { ProviderError } from '../providers/errors';

/** Failures that may be over at the next try. */
const RETRYABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ERR_NETWORK']);
const TIMEOUTS = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT']);
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'ENODATA']);
const TLS = /^(CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]+$/;
const MAX_CAUSE_DEPTH = 8;

/**
 * What a failed request or a broken body means. The cause is dropped: n8n's HTTP errors hold the whole
 * request, and with it the user's cookie and keys.
 */
export function networkError(error: unknown, signal: AbortSignal | undefined): ProviderError {
	if (signal?.aborted === true) return abortError(signal);
	// n8n wraps what a credential throws while it authenticates a request.
	const own = causesOf(error).find((cause) => cause instanceof ProviderError);
	if (own !== undefined) return own;
	const { code, isGuard } = identify(error);
	if (isGuard) {
		return new ProviderError('refused', "n8n's SSRF protection blocked the address");
	}
	if (TIMEOUTS.has(code)) {
		return new ProviderError('timeout', 'The connection timed out', { code, retryable: true });
	}
	if (TLS.test(code)) {
		const message = "The service's TLS certificate was not accepted";
		return new ProviderError('network', message, { code, reason: 'certificate' });
	}
	return new ProviderError('network', 'The service could not be reached', {
		code,
		retryable: RETRYABLE.has(code),
		...(UNKNOWN_HOST.has(code) ? { reason: 'unknownHost' } : {}),
	});
}

/** n8n knows a stopped execution from a failed one by the last word of this message. */
const CANCELED = 'The request was canceled';

/** Why the signal fired: a time limit's own error, or that the caller stopped. */
export function abortError(signal: AbortSignal): ProviderError {
	if (signal.reason instanceof ProviderError) return signal.reason;
	return new ProviderError('aborted', CANCELED);
}

/** The first error code, and the name of n8n's guard, among an error and its causes. */
function identify(error: unknown): { code: string; isGuard: boolean } {
	const causes = causesOf(error);
	const codes = causes.map(({ code }) => code);
	const code = codes.find((found) => typeof found === 'string' && SYSTEM_CODE.test(found));
	return {
		code: typeof code === 'string' ? code : 'UNKNOWN',
		isGuard: causes.some(({ name }) => typeof name === 'string' && name.startsWith('Ssrf')),
	};
}

/** An error and what it was made of, the latest first. */
export function causesOf(error: unknown): Array<Record<string, unknown>> {
	const causes: Array<Record<string, unknown>> = [];
	for (let next = error; isRecord(next) && causes.length < MAX_CAUSE_DEPTH; next = next['cause']) {
		causes.push(next);
	}
	return causes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
