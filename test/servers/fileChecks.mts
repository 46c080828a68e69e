import type { IBinaryData } from 'n8n-workflow';

import { drawn } from '../engine/drawnImage.mts';
import {
	type Check,
	expectThat,
	ignored,
	only,
	type Outcome,
	PROMPT,
	remarkable,
	short,
	takenOrRefused,
	textOf,
	works,
} from './outcome.mts';
import type { Place } from './Place.mts';

const attached = { imageFields: '*' };

function withFile(bytes: Buffer | string, fileName: string, mimeType: string) {
	const file: IBinaryData = { data: Buffer.from(bytes).toString('base64'), fileName, mimeType };
	return [{ json: {}, binary: { data: file } }];
}

/** How often a server is asked that does not always count: g4f reports 0 tokens for prompts of cut answers. */
const TRIES = 10;

/** The tokens of a prompt; undefined where the server reports none. */
async function promptTokens(...asked: Parameters<typeof only>): Promise<number | undefined> {
	for (let count = 0; count < TRIES; count++) {
		const answer = await only(...asked);
		textOf(answer);
		const usage = answer.json['usage'] as { promptTokens?: number } | undefined;
		if (usage?.promptTokens !== 0) return usage?.promptTokens;
	}
	return undefined;
}

/** A file reaches the model, or is refused in the server's words. One that makes the prompt no longer was dropped. */
async function fileOutcome(place: Place, file: ReturnType<typeof withFile>): Promise<Outcome> {
	const answer = await only(place, short(attached), file);
	if (answer.failure !== undefined) return takenOrRefused(answer, '');
	const without = await promptTokens(place, short());
	const tokens = await promptTokens(place, short(attached), file);
	if (tokens === undefined || without === undefined) {
		return remarkable('Taken; what becomes of it, the server does not report');
	}
	return tokens > without
		? remarkable('The server takes it, though its model can neither see nor hear')
		: ignored('The server takes the file and drops it');
}

/** A text file costs just the tokens of the same words in the prompt. */
async function textFile(place: Place): Promise<Outcome> {
	const words = 'wind and sky '.repeat(40);
	const inPrompt = { prompt: `${PROMPT}\n\nFile: wind.txt\nContent:\n${words}` };
	const file = withFile(words, 'wind.txt', 'text/plain');
	const tokens = await promptTokens(place, short(attached), file);
	if (tokens === undefined) return await tooLongFile(place);
	const typed = await promptTokens(place, short({}, inPrompt));
	const bare = (await promptTokens(place, short()))!;
	expectThat(tokens === typed && tokens - bare >= 120, { tokens, typed, bare });
	return works(`${tokens - bare} tokens`);
}

/** Where no tokens are reported: a file that is too long for the model is refused as a prompt would be. */
async function tooLongFile(place: Place): Promise<Outcome> {
	const file = withFile('wind and sky '.repeat(3000), 'wind.txt', 'text/plain');
	const { failure } = await only(place, short(attached), file);
	expectThat(failure !== undefined, 'a file longer than the context was answered');
	return remarkable('Seen by a file that is too long: the server reports no usage');
}

/** A page with a line of text (PDF 1.4). */
const PDF = `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R
/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
4 0 obj << /Length 44 >> stream
BT /F 12 Tf 20 100 Td (wind and sky) Tj ET
endstream endobj
trailer << /Root 1 0 R >>
%%EOF
`;

/** A tenth of a second of silence, 8000 samples of 16 bits a second. */
function silence(): Buffer {
	const samples = Buffer.alloc(1600);
	const head = Buffer.alloc(44);
	head.write('RIFF');
	head.writeUInt32LE(36 + samples.length, 4);
	head.write('WAVEfmt ', 8);
	head.writeUInt32LE(16, 16);
	head.writeUInt16LE(1, 20);
	head.writeUInt16LE(1, 22);
	head.writeUInt32LE(8000, 24);
	head.writeUInt32LE(16_000, 28);
	head.writeUInt16LE(2, 32);
	head.writeUInt16LE(16, 34);
	head.write('data', 36);
	head.writeUInt32LE(samples.length, 40);
	return Buffer.concat([head, samples]);
}

/** Files in prompts. The tiny models can neither see nor hear. */
export const fileChecks: Check[] = [
	{ name: 'Text file', run: async ({ place }) => await textFile(await place('answers')) },
	{
		name: 'Image file',
		async run({ place }) {
			const image = withFile(await drawn('a kite'), 'kite.png', 'image/png');
			return await fileOutcome(await place('answers'), image);
		},
	},
	{
		name: 'PDF file',
		run: async ({ place }) =>
			await fileOutcome(await place('answers'), withFile(PDF, 'wind.pdf', 'application/pdf')),
	},
	{
		name: 'Sound file',
		run: async ({ place }) =>
			await fileOutcome(await place('answers'), withFile(silence(), 'hush.wav', 'audio/wav')),
	},
	{
		name: 'File of no known kind',
		async run({ place }) {
			const zip = withFile('PK\x03\x04\x14\0\0\0', 'all.zip', 'application/zip');
			const { failure } = await only(await place('answers'), short(attached), zip);
			expectThat(/all\.zip|'data'/.test(failure?.message ?? ''), failure);
			return works();
		},
	},
];
