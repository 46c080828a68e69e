import { createHash } from 'node:crypto';
import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { drawn } from './drawnImage.mts';
import { failureOf } from './failure.mts';
import { chat, model, openAiChat } from './parameters.mts';
import { conversations, history } from './sent.mts';
import { NODE } from './support.mts';
import { afterStore, STORE } from './storedFiles.mts';
import { useBench } from './useBench.mts';

/** Longer than the pieces in which it is read, and of a length that base64 has to fill up. */
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(150_001, 'Zeile äöü\n')]);
const WAV = Buffer.from('RIFF....WAVEfmt ');
const ZIP = Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1');

function file(bytes: Buffer | string, fileName?: string, mimeType = 'text/plain'): IBinaryData {
	const data = Buffer.from(bytes).toString('base64');
	return { data, mimeType, ...(fileName === undefined ? {} : { fileName }) };
}

const item = (binary: Record<string, IBinaryData>) => ({ json: {}, binary });
const attach = (imageFields: string | string[], more: INodeParameters = {}) =>
	openAiChat('What is this?', { options: { imageFields, ...more } });
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe.each(['filesystem', 'default'] as const)('Files in binary mode %s', (binaryDataMode) => {
	const bench = useBench({ engine: { binaryDataMode, nodeTypes: STORE } });
	/** Runs the node after one that puts the items' files where the engine keeps them. */
	const run = async (parameters: INodeParameters, items: INodeExecutionData[]) =>
		await bench().engine.run(afterStore(parameters), { input: items });

	it('a PDF reaches the model under its name, byte for byte', async () => {
		// Whoever made it called it something else.
		const bill = file(PDF, 'bill.pdf', 'application/octet-stream');
		const result = await run(attach('data'), [item({ data: bill })]);
		const seen = `application/pdf "bill.pdf" of ${PDF.length} bytes (SHA-256 ${hashOf(PDF)})`;
		expect(result.items(NODE)).toHaveLength(1);
		const { id } = result.items('Store')[0]!.binary!['data']!;
		expect(id?.startsWith('filesystem-v2:') ?? false).toBe(binaryDataMode === 'filesystem');
		expect(result.items(NODE)[0]).toMatchObject({
			json: { text: expect.stringContaining(`It came with 1 file: ${seen}.`) },
			pairedItem: { item: 0 },
		});
		const [request] = bench().service.requests;
		expect(Number(request?.headers['content-length'])).toBeGreaterThan((PDF.length * 4) / 3);
		expect(request?.headers['transfer-encoding']).toBeUndefined();
	});

	it('all files of an item go along, each as what it is', async () => {
		const kite = await drawn('kite');
		const files = {
			picture: file(kite, undefined, 'image/png'),
			sound: file(WAV, 'hello.wav', 'audio/x-wav'),
			table: file('id;name\n1;Zoë', 'names.csv', 'text/csv'),
			bill: file(PDF),
		};
		const result = await run(attach('*', { imageDetail: 'low' }), [item(files)]);
		const url = `data:image/png;base64,${kite.toString('base64')}`;
		const pdf = `data:application/pdf;base64,${PDF.toString('base64')}`;
		const words = 'What is this?\n\nFile: names.csv\nContent:\nid;name\n1;Zoë';
		expect(conversations(bench())).toEqual([
			[
				{
					role: 'user',
					content: [
						{ type: 'text', text: words },
						{ type: 'image_url', image_url: { url, detail: 'low' } },
						{ type: 'input_audio', input_audio: { data: WAV.toString('base64'), format: 'wav' } },
						{ type: 'file', file: { filename: 'bill.pdf', file_data: pdf } },
					],
				},
			],
		]);
		expect(result.status).toBe('success');
	});

	it('many items in parallel keep their own files, in order', async () => {
		const files = Array.from({ length: 20 }, (_, index) =>
			Buffer.concat([PDF, Buffer.from(`%%${index}`)]),
		);
		const items = files.map((bytes, index) => item({ data: file(bytes, `${index}.pdf`) }));
		const result = await run(attach('data', { parallelRequests: 5 }), items);
		expect(result.items(NODE)).toHaveLength(20);
		for (const [index, { json, pairedItem }] of result.items(NODE).entries()) {
			expect(json['text']).toContain(`"${index}.pdf"`);
			expect(json['text']).toContain(hashOf(files[index]!));
			expect(pairedItem).toEqual({ item: index });
		}
	});

	it('a retry sends the whole file again', async () => {
		const prompt = 'What? [[status code=503 times=1]]';
		const parameters = openAiChat(prompt, { options: { imageFields: 'data' } });
		const result = await run(parameters, [item({ data: file(PDF, 'bill.pdf') })]);
		expect(result.items(NODE)[0]?.json['text']).toContain(hashOf(PDF));
		const [first, second, ...others] = conversations(bench());
		expect(others).toEqual([]);
		expect(second).toEqual(first);
		expect(JSON.stringify(second)).toContain(PDF.toString('base64'));
	});

	it('a request that is asked in another way sends it again, too', async () => {
		const prompt = 'What? [[refuse-stream-options]]';
		const parameters = openAiChat(prompt, { options: { imageFields: 'data' } });
		const result = await run(parameters, [item({ data: file(PDF) })]);
		expect(bench().service.requests).toHaveLength(2);
		expect(result.items(NODE)[0]?.json['text']).toContain(hashOf(PDF));
	});

	it('a file of another kind is refused by name, and nobody is asked', async () => {
		const input = [item({ archive: file(ZIP, 'a.zip', 'application/zip') })];
		const failure = await failureOf(bench(), attach('*'), { items: input });
		expect(failure.message).toBe(
			"The file in field 'archive' (application/zip) cannot be sent to a model",
		);
		expect(failure.details.description).toContain('Extract from File');
		expect(failure.details).toMatchObject({ kind: 'input', attempts: 0 });
		expect(bench().service.requests).toEqual([]);
	});

	it('what the server says of a file that it does not take is shown with advice', async () => {
		const parameters = openAiChat('What? [[refuse-part type=file]]', {
			options: { imageFields: 'data' },
		});
		const failure = await failureOf(bench(), parameters, { items: [item({ data: file(PDF) })] });
		const { description } = failure.details;
		expect(description).toContain('The request came with a PDF file:');
		expect(description).toContain("The service said: Invalid value: 'file'.");
		expect(bench().service.requests).toHaveLength(1);
	});
});

describe('Attachments', () => {
	const bench = useBench();

	it('links to images are handed on: the server fetches them', async () => {
		const link = 'https://a.example/kite.png';
		await bench().run(attach([link, 'note']), [item({ note: file('Buy milk.', 'note.md') })]);
		expect(conversations(bench())).toEqual([
			[
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'What is this?\n\nFile: note.md\nContent:\nBuy milk.' },
						{ type: 'image_url', image_url: { url: link } },
					],
				},
			],
		]);
	});

	it('* stands for what there is: an item without files is asked without', async () => {
		const items = [item({}), { json: {} }, item({ a: file('A') })];
		const run = await bench().run(attach('*', { parallelRequests: 1 }), items);
		expect(run.items(NODE)).toHaveLength(3);
		const question = { role: 'user', content: 'What is this?' };
		const withFile = { role: 'user', content: 'What is this?\n\nFile: a\nContent:\nA' };
		expect(conversations(bench())).toEqual([[question], [question], [withFile]]);
	});

	it('* takes no JSON for a file that only describes one, as services list theirs', async () => {
		const json = { file: { id: '1a', mimeType: 'image/png', name: 'kite.png' } };
		const run = await bench().run(attach('*'), [{ json }]);
		expect(run.items(NODE)[0]?.json['text']).toContain('What is this?');
		expect(conversations(bench())).toEqual([[{ role: 'user', content: 'What is this?' }]]);
	});

	it.each(['skip', 'fail'])('a missing field: %s', async (missingAttachments) => {
		const items = [item({ b: file('B') }), item({ a: file('A') })];
		const parameters = attach('a', { missingAttachments, parallelRequests: 1 });
		const run = await bench().run(parameters, items, { onError: 'continueRegularOutput' });
		const [first, second] = run.items(NODE);
		expect(run.items(NODE)).toHaveLength(2);
		expect(second?.json['text']).toContain('What is this?');
		expect(conversations(bench())).toHaveLength(missingAttachments === 'skip' ? 2 : 1);
		if (missingAttachments === 'skip') expect(first?.json).not.toHaveProperty('error');
		else expect(first?.json['error']).toContain("'a'");
	});

	it('text in another encoding is read as such, which a hint tells', async () => {
		const words = 'Größe und Gewicht für Möbel: schöne Stühle, grüne Türen, große Räume.';
		const bytes = Buffer.from(words, 'latin1');
		const run = await bench().run(attach('*'), [item({ a: file(bytes, 'a.csv') })]);
		expect(JSON.stringify(conversations(bench()))).toContain(words);
		expect(JSON.stringify(run.run.data.resultData.runData[NODE])).toContain(
			"The file in 'a' is not UTF-8, so it was read as ISO-8859-1",
		);
	});

	it.each([
		['too much text', file('word '.repeat(50_000)), 'is too long, with 250 kB of text'],
		['no bytes', file('', 'a.txt'), 'is empty'],
		['a PDF as a link', 'https://a.example/a.pdf?b=c', "The link 'https://a.example/a.pdf?b=c'"],
	])('%s is an error of the item', async (_name, given, message) => {
		const input = [typeof given === 'string' ? item({}) : item({ a: given })];
		const parameters = attach(typeof given === 'string' ? given : 'a');
		const failure = await failureOf(bench(), parameters, { items: input });
		expect(failure.message).toContain(message);
		expect(bench().service.requests).toEqual([]);
	});

	it('with Ai-Chats text files stand in the prompt, and others are refused', async () => {
		const options = { imageFields: '*' };
		const note = item({ note: file('Buy milk.', 'note.txt') });
		await bench().run(chat('Which errand?', { options }), [note]);
		const content = 'Which errand?\n\nFile: note.txt\nContent:\nBuy milk.';
		expect(history(bench())).toEqual([{ from: 'you', content }]);
		const failure = await failureOf(bench(), chat('What?', { options }), {
			items: [item({ data: file(PDF) })],
		});
		expect(failure.message).toContain('takes only text files');
	});

	it('a model that exists only under /responses gets them there', async () => {
		const only = { ...model('gpt-5-pro'), options: { imageFields: '*' } };
		const binary = { bill: file(PDF, 'bill.pdf'), kite: file(await drawn('kite')) };
		const run = await bench().run(openAiChat('What?', only), [item(binary)]);
		const { text } = run.items(NODE)[0]!.json;
		expect(text).toContain(`application/pdf "bill.pdf" of ${PDF.length} bytes`);
		expect(text).toContain('image/png of');
		expect(bench().service.requests.at(-1)?.path).toContain('/responses');
	});

	it('a message of a chat bot may be a file alone', async () => {
		const parameters = openAiChat('={{ $json.chatInput }}', { options: { imageFields: '*' } });
		const message = { ...item({ data0: file(PDF, 'bill.pdf') }), json: { chatInput: '' } };
		const run = await bench().run(parameters, [message]);
		expect(run.items(NODE)[0]?.json['text']).toContain('bill.pdf');
	});
});
