import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { collectReply } from '../../providers/collectReply.ts';
import { ProviderError } from '../../providers/errors.ts';
import { OpenAiCompatible } from '../../providers/openAiCompatible/OpenAiCompatible.ts';
import type { ProviderChunk } from '../../providers/types.ts';
import { MemoryTransport } from '../support/memoryTransport.mts';
import { bytesOf, everyCutting } from '../support/splits.mts';
import type { RecordedAnswer, Recording } from './recording.mts';

interface Replay {
	chunks: ProviderChunk[];
	error?: { kind: string; message: string; details: object };
	requests: number;
}

function answerOf({ status, headers, breaks }: RecordedAnswer, chunks: Uint8Array[]) {
	const broken = new ProviderError('network', 'The connection was lost');
	return {
		status: status ?? 200,
		headers: headers ?? {},
		chunks: breaks ? [...chunks, broken] : chunks,
	};
}

async function replay(recording: Recording, lastBody: Uint8Array[]): Promise<Replay> {
	const before = recording.answers.slice(0, -1);
	const last = recording.answers.at(-1);
	if (last === undefined) throw new Error('No answer');
	const transport = new MemoryTransport([
		...before.map((answer) => answerOf(answer, [bytesOf(answer.body)])),
		answerOf(last, lastBody),
	]);
	const provider = new OpenAiCompatible(transport, 'http://localhost:1/v1');
	const messages = recording.messages ?? [{ role: 'user', content: 'Hello' }];
	const chunks: ProviderChunk[] = [];
	try {
		const answer = provider.createAsyncGenerator('m', messages, recording.options);
		for await (const chunk of answer) chunks.push(chunk);
	} catch (error) {
		if (!(error instanceof ProviderError)) throw error;
		const { kind, message, details } = error;
		return { chunks, error: { kind, message, details }, requests: transport.requests.length };
	}
	return { chunks, requests: transport.requests.length };
}

async function recordings(server: string): Promise<Recording[]> {
	const module = (await import(`./servers/${server}.mts`)) as { recordings: Recording[] };
	return module.recordings;
}

const files = readdirSync(path.join(import.meta.dirname, 'servers')).sort();
const names = files.map((file) => path.basename(file, '.mts'));
const servers = await Promise.all(
	names.map(async (name) => [name, await recordings(name)] as const),
);

describe.each(servers)('%s', (_server, recorded) => {
	test.each(recorded.map((recording) => [recording.name, recording] as const))(
		'%s',
		async (_name, recording) => {
			const body = bytesOf(recording.answers.at(-1)?.body ?? '');
			const whole = await replay(recording, [body]);
			if ('error' in recording) expect(whole.error).toMatchObject(recording.error);
			else {
				expect(whole.error).toBeUndefined();
				expect(await collectReply(whole.chunks)).toMatchObject(recording.reply);
			}
			expect(whole.requests).toBe(recording.answers.length);
			for (const { name, chunks } of everyCutting(body)) {
				expect(await replay(recording, chunks), name).toEqual(whole);
			}
		},
	);
});
