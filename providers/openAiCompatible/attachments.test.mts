import { describe, expect, test } from 'vitest';

import { ProviderError } from '../errors.ts';
import type { Attachment } from '../types.ts';
import { attachmentFailure, wirePart } from './attachments.ts';

const file = { fileName: 'bill.pdf', content: 'QQ==' };
const image = { ...file, kind: 'image', mimeType: 'image/png' } as const;
const pdf = { ...file, kind: 'pdf', mimeType: 'application/pdf' } as const;
const wav = { ...file, kind: 'audio', mimeType: 'audio/wav' } as const;

test.each<[Attachment, object]>([
	[
		{ kind: 'link', url: 'https://a.example/b', detail: 'high' },
		{ type: 'image_url', image_url: { url: 'https://a.example/b', detail: 'high' } },
	],
	[image, { type: 'image_url', image_url: { url: 'data:image/png;base64,QQ==' } }],
	[
		pdf,
		{
			type: 'file',
			file: { filename: 'bill.pdf', file_data: 'data:application/pdf;base64,QQ==' },
		},
	],
	[wav, { type: 'input_audio', input_audio: { data: 'QQ==', format: 'wav' } }],
	[
		{ ...wav, mimeType: 'audio/mpeg' },
		{ type: 'input_audio', input_audio: { data: 'QQ==', format: 'mp3' } },
	],
])('%j as a part of a message', (attachment, part) => {
	expect(wirePart(attachment)).toEqual(part);
});

describe('a refusal', () => {
	const error = (details: ProviderError['details']) =>
		new ProviderError('http', 'The service answered with status 400', details);
	const sent = (...attachments: Attachment[]) => [
		{ role: 'user' as const, content: 'Hi', attachments },
	];

	test.each<[string, Attachment[], RegExp]>([
		['of an image', [image], /came with an image: choose a model that takes that/],
		['of a PDF', [pdf], /came with a PDF file:.*Extract from File/],
		['of sound', [wav], /came with a sound file:/],
		['of a link', [{ kind: 'link', url: 'https://a.example' }], /download the image/],
		['of several', [image, pdf, image], /came with an image, a PDF file:/],
	])('%s says what was sent and what helps', (_name, attachments, words) => {
		const given = error({ reason: 'input', status: 400, serviceMessage: 'Unknown part' });
		const failure = attachmentFailure(given, sent(...attachments));
		expect(failure).toMatchObject({ kind: 'http', message: given.message });
		expect(failure.details).toMatchObject({ status: 400, serviceMessage: 'Unknown part' });
		expect(failure.details.explanation).toMatch(words);
	});

	test('is told from an unknown model where OpenRouter has none that takes images', () => {
		const serviceMessage = 'No endpoints found that support image input';
		const given = error({ reason: 'unknownModel', status: 404, serviceMessage });
		expect(attachmentFailure(given, sent(image)).details.explanation).toContain('an image');
	});

	test.each<[string, ProviderError, Attachment[]]>([
		['without files', error({ reason: 'input', status: 400 }), []],
		['for another reason', error({ reason: 'wrongKey', status: 401 }), [image]],
		['that is explained already', error({ reason: 'input', explanation: 'So.' }), [image]],
	])('%s stays as it is', (_name, given, attachments) => {
		expect(attachmentFailure(given, sent(...attachments))).toBe(given);
	});
});
