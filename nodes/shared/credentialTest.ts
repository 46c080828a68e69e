import type {
	ICredentialsDecrypted,
	ICredentialTestFunction,
	ICredentialTestFunctions,
	ICredentialType,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials';
import { writtenUrl } from '../../credentials/services';
import { ProviderError, toProviderError } from '../../providers/errors';
import { answerError, readBeginning } from '../../providers/http/serviceErrors';
import { isWebPage } from '../../providers/http/serviceMessage';
import {
	addressOf,
	baseUrl,
	leadsElsewhere,
	untrustedUrl,
	USER_AGENT,
} from '../../providers/http/urls';
import { endpointUrl, readAddress, withoutVersion } from '../../providers/openAiCompatible/address';
import type { Transport, TransportResponse } from '../../providers/Transport';
import { type Authenticate, credentialTestContext } from '../../transport/credentialTestContext';
import { N8nTransport } from '../../transport/N8nTransport';
import { redactor } from '../../transport/redact';
import { secretFieldNames } from '../../transport/secrets';
import { TimedTransport } from '../../transport/TimedTransport';
import { errorDescription } from './advice';
import type { ServiceName } from './providers';
import { publicError } from './toNodeError';

/** In ms. */
const LIMITS = { total: 30_000, firstByte: 20_000, idle: 10_000 };

/** A credential type with the function that adds it to requests. */
type TestedCredential = ICredentialType & { authenticate: Authenticate };

/** Asks the service. @returns why the credential does not work; undefined when it does */
type Probe = (transport: Transport, baseUrl: string) => Promise<ProviderError | undefined>;

/**
 * Runs a test of a credential. It follows no redirect and reads only the beginning of an answer, which
 * n8n's own test requests do not offer.
 */
async function tested(
	context: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
	credential: TestedCredential,
	probe: Probe,
): Promise<INodeCredentialTestResult> {
	const { authenticate, name, properties } = credential;
	let failure: ProviderError | undefined;
	try {
		const transport = new N8nTransport(
			credentialTestContext(context, data, authenticate),
			name,
			data,
		);
		failure = await probe(new TimedTransport(transport, LIMITS), writtenUrl(data));
	} catch (error) {
		failure = toProviderError(error);
	}
	if (failure === undefined) return { status: 'OK', message: 'Connection successful!' };
	const redact = redactor(data, secretFieldNames(properties));
	const shown = publicError(failure, redact);
	return { status: 'Error', message: `${shown.message}. ${errorDescription(shown)}` };
}

/** An answer to a test, read as far as it matters. */
interface TestAnswer {
	status: number;
	isPage: boolean;
	/** The failure that it reports; undefined for a success. */
	error: ProviderError | undefined;
}

async function ask(transport: Transport, url: string, body?: object): Promise<TestAnswer> {
	const response = await transport.send({
		method: body === undefined ? 'GET' : 'POST',
		url,
		headers: {
			accept: 'application/json, text/event-stream',
			...(body && { 'content-type': 'application/json' }),
			'user-agent': USER_AGENT,
		},
		...(body && { body: JSON.stringify(body) }),
		authenticated: true,
	});
	try {
		if (response.status >= 300 && response.status < 400) throw redirected(url, response);
		const beginning = await readBeginning(response);
		const error = response.status < 400 ? undefined : answerError(response, beginning);
		return { status: response.status, isPage: isWebPage(beginning), error };
	} finally {
		response.close();
	}
}

function redirected(url: string, { headers }: TransportResponse): ProviderError {
	const { location } = headers;
	return leadsElsewhere(url, location === undefined ? undefined : untrustedUrl(location, url));
}

/** A server that answers so is there and has not refused the credential: it is busy, or wants a real request. */
function isAccepted({ status, error }: TestAnswer): boolean {
	if (error?.details.reason === 'wrongKey') return false;
	return [400, 402, 422, 429].includes(status) || status >= 500;
}

/** An Ai-Chats service refuses an empty conversation, or answers it with data. */
const probeAiChats: Probe = async (transport, written) => {
	const url = `${baseUrl(written)}/chat/send2/`;
	const answer = await ask(transport, url, { type: 'chat', messagesHistory: [] });
	const { status, isPage, error } = answer;
	if ((status === 200 && isPage) || status === 403 || error?.kind === 'blocked') {
		return new ProviderError('blocked', 'The service asks for a captcha');
	}
	if (status === 404 || status === 405) {
		return wrongAddress('No Ai-Chats service answers at this base URL', url);
	}
	return isAccepted(answer) ? undefined : error;
};

/**
 * A chat request without messages costs next to nothing: nearly every server refuses it after it has looked
 * at the key, and those that answer it are limited to one token. Unlike `/models` it exists nearly
 * everywhere, and nowhere without a key where one is needed.
 */
const probeOpenAiCompatible: Probe = async (transport, written) => {
	const url = endpointUrl(written, '/chat/completions');
	const first = await askForChat(transport, url);
	const address = readAddress(written);
	const answer =
		isMissing(first) && address.isVersionGuessed
			? await askForChat(transport, withoutVersion(address, url))
			: first;
	if (isMissing(answer)) return await probeModels(transport, written, url);
	const { error, isPage } = answer;
	if (isPage && (error === undefined || error.kind !== 'blocked')) return wrongServer(url);
	// Some look at the body before they look at the key.
	const list = answer.status === 422 ? await probeModels(transport, written, url) : undefined;
	if (list?.details.reason === 'wrongKey') return list;
	if (error === undefined || error.details.reason === 'unknownModel') return undefined;
	if (error.details.reason === 'wrongKey') return wrongKey(error);
	return needsHeader(error) || !isAccepted(answer) ? error : undefined;
};

async function askForChat(transport: Transport, url: string): Promise<TestAnswer> {
	return await ask(transport, url, { messages: [], max_tokens: 1 });
}

function isMissing({ error }: TestAnswer): boolean {
	return error?.details.reason === 'noEndpoint';
}

/** A server for images only has no chat. */
async function probeModels(
	transport: Transport,
	written: string,
	asked: string,
): Promise<ProviderError | undefined> {
	const { status, isPage, error } = await ask(transport, endpointUrl(written, '/models'));
	if (error?.details.reason === 'wrongKey') return wrongKey(error);
	return status === 200 && !isPage ? undefined : wrongServer(asked);
}

/** Gateways such as Portkey's answer 400 without the header that names the server behind them. */
function needsHeader({ details: { status, serviceMessage = '' } }: ProviderError): boolean {
	return (
		status === 400 &&
		/\bheader\b[^.]*\b(required|missing)|missing[^.]*\bheader\b/i.test(serviceMessage)
	);
}

function wrongKey(error: ProviderError): ProviderError {
	const explanation = 'Check the key, and the header it is sent in.';
	return error.with({ explanation }, 'The server does not accept this API key');
}

function wrongServer(url: string): ProviderError {
	return wrongAddress('No OpenAI-compatible server answers at this base URL', url);
}

function wrongAddress(message: string, url: string): ProviderError {
	return new ProviderError('http', message, {
		reason: 'noEndpoint',
		explanation: 'Check the spelling, the port and the path.',
		address: addressOf(url),
	});
}

/** The tests of the credentials, by the providers whose they are: `testedBy` of the nodes' credentials. */
export const credentialTests = {
	async aiChats(this: ICredentialTestFunctions, credential: ICredentialsDecrypted) {
		return await tested(this, credential, new AiChatsApi(), probeAiChats);
	},
	async openAiCompatible(this: ICredentialTestFunctions, credential: ICredentialsDecrypted) {
		return await tested(this, credential, new AiChatsOpenAiCompatibleApi(), probeOpenAiCompatible);
	},
} satisfies Record<ServiceName, ICredentialTestFunction>;
