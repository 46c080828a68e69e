import { startLocalService } from '../../dev/service/index.mts';

/** Who is to read an answer, and as what. */
export type Reader =
	| { provider: 'aiChats' | 'openAiCompatible'; operation: 'chat' | 'image' }
	| { provider: 'openAiCompatible'; operation: 'models' };

/** An answer of the local service, byte by byte as it came. */
export interface Recording {
	name: string;
	reader: Reader;
	status: number;
	headers: Record<string, string>;
	body: Uint8Array;
}

interface Asked {
	name: string;
	reader: Reader;
	path: string;
	body?: object;
}

const TEXT = String.raw`[[text value="Grüße, 世界! \\ 🌍\nA second line,  two spaces. {\"a\": [1, 2]}"]]`;

/** Every route, and the ways in which its answers come. */
const ASKED: Asked[] = [
	...[
		'',
		'crlf',
		'cr',
		'bom',
		'comments',
		'fields',
		'empty-data',
		'done',
		'no-space',
		'trylimit after=2',
	].flatMap((quirk) => [aiChats('chat', quirk), openAi('chat', quirk)]),
	...['split-newline', 'checking', 'status code=429 retry-after=1'].map((quirk) =>
		aiChats('chat', quirk),
	),
	...[
		'no-done',
		'error-in-stream after=2',
		'bad-chunk after=2',
		'refusal',
		'error-200',
		'finish reason=length',
	].map((quirk) => openAi('chat', quirk)),
	...[
		'status code=400',
		'status code=503 body=html',
		'status code=400 body=azure',
		'refuse-stream-options',
	].map((quirk) => openAi('chat', quirk)),
	openAi('chat', '', { stream: false }),
	openAi('chat', '', { tools: [tool()], tool_choice: 'required' }),
	openAi('chat', '', { tools: [tool()], tool_choice: 'required', stream: false }),
	...['', 'url kind=data', 'url kind=relative', 'images count=3', 'no-url', 'error-200'].map(
		(quirk) => aiChats('image', quirk),
	),
	openAi('image', '', { model: 'gpt-image-1' }),
	openAi('image', 'images count=2', { model: 'gpt-image-1' }),
	openAi('image', '', { model: 'dall-e-3' }),
	openAi('image', 'url kind=data', { model: 'dall-e-2' }),
	{
		name: 'openAiCompatible models',
		reader: { provider: 'openAiCompatible', operation: 'models' },
		path: '/v1/models',
	},
];

/** Asks a local service for all of them. */
export async function record(): Promise<Recording[]> {
	const service = await startLocalService({ directives: '[[size width=24 height=24]]' });
	try {
		return await Promise.all(ASKED.map(async (asked) => await recordOne(service.url, asked)));
	} finally {
		await service.close();
	}
}

/** Image files as the service serves them, for the links in answers. */
export async function recordImages(): Promise<Uint8Array[]> {
	const service = await startLocalService({ directives: '[[size width=24 height=24]]' });
	try {
		return await Promise.all(
			['png', 'jpeg', 'webp', 'gif', 'avif'].map(async (type) => {
				const asked = aiChats('image', `format type=${type}`);
				const { body } = await recordOne(service.url, asked);
				const { data } = JSON.parse(Buffer.from(body).toString()) as { data: [{ url: string }] };
				return new Uint8Array(await (await fetch(data[0].url)).arrayBuffer());
			}),
		);
	} finally {
		await service.close();
	}
}

async function recordOne(url: string, { name, reader, path, body }: Asked): Promise<Recording> {
	const response = await fetch(url + path, {
		method: body === undefined ? 'GET' : 'POST',
		headers: { 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const bytes = new Uint8Array(await response.arrayBuffer());
	return {
		name,
		reader,
		status: response.status,
		headers: Object.fromEntries(response.headers),
		body: bytes,
	};
}

function aiChats(operation: 'chat' | 'image', quirk: string): Asked {
	const content = prompt(quirk);
	return {
		name: `aiChats ${operation} ${quirk}`.trim(),
		reader: { provider: 'aiChats', operation },
		path: '/chat/send2/',
		body: { type: operation, messagesHistory: [{ from: 'you', content }] },
	};
}

function openAi(operation: 'chat' | 'image', quirk: string, more: object = {}): Asked {
	const chat = {
		model: 'gpt-4o-mini',
		stream: true,
		stream_options: { include_usage: true },
		messages: [{ role: 'user', content: prompt(quirk) }],
	};
	const image = { model: 'dall-e-2', prompt: prompt(quirk) };
	return {
		name: `openAiCompatible ${operation} ${quirk} ${JSON.stringify(more)}`,
		reader: { provider: 'openAiCompatible', operation },
		path: operation === 'chat' ? '/v1/chat/completions' : '/v1/images/generations',
		body: { ...(operation === 'chat' ? chat : image), ...more },
	};
}

function prompt(quirk: string): string {
	return `${TEXT} ${quirk === '' ? '' : `[[${quirk}]]`} a red kite`;
}

function tool(): object {
	const parameters = { type: 'object', properties: { city: { type: 'string' } } };
	return { type: 'function', function: { name: 'weather', parameters } };
}
