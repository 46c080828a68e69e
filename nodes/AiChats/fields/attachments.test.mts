import { type IBinaryData, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../../test/support/failure.mts';
import { gif, png } from '../../../test/support/images.mts';
import { itemRun } from '../../../test/support/itemRun.mts';
import { bytesOf } from '../../../test/support/splits.mts';
import { strict } from '../../../test/support/strictContext.mts';
import { readAttachments, readImages } from './attachments.ts';

interface File {
	bytes: Uint8Array;
	fileName?: unknown;
	announced?: number;
}

function reading(files: Record<string, File>) {
	const helpers = strict('helpers', {
		assertBinaryData: (itemIndex: number, name: string) => {
			const file = files[name];
			if (file === undefined)
				throw new NodeOperationError({} as never, `No ${name}`, { itemIndex });
			const { fileName, announced } = file;
			return {
				data: 'id',
				mimeType: 'text/plain',
				...(fileName === undefined ? {} : { fileName }),
				...(announced === undefined ? {} : { bytes: announced }),
			};
		},
		getBinaryDataBuffer: async (_itemIndex: number, name: string) =>
			Buffer.from(files[name]!.bytes),
	});
	return itemRun({}, { helpers }, 1);
}

test('the fields are read in their order, the type comes from the bytes', async () => {
	const run = reading({ b: { bytes: gif(1, 1) }, a: { bytes: png(1, 1), fileName: 'x.jpg' } });
	expect(await readImages(run, 'Images to Edit', ' b, a ,')).toEqual([
		{ fileName: 'b.gif', mimeType: 'image/gif', bytes: Buffer.from(gif(1, 1)) },
		{ fileName: 'x.jpg', mimeType: 'image/png', bytes: Buffer.from(png(1, 1)) },
	]);
});

test.each([5, { a: 1 }, null])(
	'a file whose name is %j is named after its field',
	async (fileName) => {
		const run = reading({ data: { bytes: png(1, 1), fileName } });
		expect(await readImages(run, 'Images to Edit', 'data')).toMatchObject([
			{ fileName: 'data.png' },
		]);
	},
);

test.each(['', ' ', ','])('%j names no field', async (fields) => {
	expect(await readImages(reading({}), 'Images to Edit', fields)).toEqual([]);
});

test('a file that is no image is refused by the field’s name', async () => {
	const run = reading({ data: { bytes: bytesOf('<svg/>') } });
	const error = await failureOf(() => readImages(run, 'Images to Edit', 'data'));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({
		message: "The file in field 'data' is not an image",
		context: { itemIndex: 1 },
	});
});

test('a file that is announced as too large is not read', async () => {
	const run = reading({ data: { bytes: png(1, 1), announced: 50 * 1024 * 1024 + 1 } });
	const error = await failureOf(() => readImages(run, 'Images to Edit', 'data'));
	expect((error as Error).message).toBe("The file in field 'data' is too large");
});

/** What goes along with the prompt of an item that has these files. */
async function attached(imageFields: string | string[], item: Partial<INodeExecutionData> = {}) {
	const files = { ...item.binary, ...item.json } as Record<string, IBinaryData>;
	const helpers = strict('helpers', {
		assertBinaryData: (_index: number, name: string) => {
			const file = files[name];
			if (file?.data === undefined) throw new NodeOperationError({} as never, `No ${name}`);
			return file;
		},
		getBinaryDataBuffer: async (_index: number, name: string) =>
			Buffer.from(files[name]!.data, 'base64'),
		detectBinaryEncoding: () => '',
	});
	const getInputData = () => [{ json: {}, ...item }];
	const run = itemRun({ options: { imageFields } }, { helpers, getInputData });
	return await readAttachments(run);
}

const note = (text: string, fileName?: string): IBinaryData => ({
	data: Buffer.from(text).toString('base64'),
	mimeType: 'text/plain',
	...(fileName === undefined ? {} : { fileName }),
});
const PNG_LINK = `data:image/png;base64,${Buffer.from(png(1, 1)).toString('base64')}`;

test.each<[string, string | string[], string[]]>([
	['names separated by commas', ' b,,a ', ['b.md', 'a.md']],
	['a list', ['b', ' a '], ['b.md', 'a.md']],
	['all, each once', 'b, *, a', ['b.md', 'a.md']],
	['a data: link with its comma', `a,${PNG_LINK},b`, ['a.md', 'file.png', 'b.md']],
	['a data: link of text', 'data:,a%20note', ['file']],
	['links', 'https://a.example/x?y=1, a', ['https://a.example/x?y=1', 'a.md']],
	[
		'a link with a comma in a list',
		[' https://a.example/x,y', 'a'],
		['https://a.example/x,y', 'a.md'],
	],
	['a data: link with commas in a list', ['data:,a, b'], ['file']],
	['names in a list that are separated by commas', ['a,b'], ['a.md', 'b.md']],
	[
		'links with commas',
		'a, https://a.example/w_1,h_2/x.png,https://a.example/y.png?a=1,b=2,b',
		['a.md', 'https://a.example/w_1,h_2/x.png', 'https://a.example/y.png?a=1,b=2', 'b.md'],
	],
	['a data: link after a space', `a, ${PNG_LINK}, b`, ['a.md', 'file.png', 'b.md']],
	['nothing', ' ', []],
])('%s', async (_name, given, names) => {
	const binary = { a: note('A', 'a.md'), b: note('B', 'b.md') };
	expect((await attached(given, { binary })).names).toEqual(names);
});

test('all files are those among the JSON, too, where the workflow keeps them there', async () => {
	const json = { id: 7, other: { mimeType: 'text/plain' }, bill: note('Pay.', 'bill.txt') };
	const { texts } = await attached('*', { json: json as never });
	expect(texts).toEqual(['File: bill.txt\nContent:\nPay.']);
});

test('the text of a data: link is read without its escapes', async () => {
	const { texts } = await attached('data:text/plain,Gr%C3%BC%C3%9Fe');
	expect(texts).toEqual(['File: file\nContent:\nGrüße']);
});

test('a data: link in a list may hold commas, and lines as base64 tools break them', async () => {
	const links = ['data:,eggs, milk', `data:;base64,${btoa('bread').replace('Z', '\nZ')}`];
	const { texts } = await attached(links);
	expect(texts.map((text) => text.split('Content:\n')[1])).toEqual(['eggs, milk', 'bread']);
});

test.each([
	['data:text/plain,%E0%A4%A', 'is not a data: link'],
	['data:application/zip;base64,UEsDBAA=', 'cannot be sent to a model'],
	['https://a.example/table.CSV', "The link 'https://a.example/table.CSV' cannot be attached"],
	['https://', "The link 'https://' cannot be attached"],
	['ftp://a.example/a.png', 'No ftp://a.example/a.png'],
])('%s is refused', async (link, message) => {
	const error = await failureOf(() => attached(link));
	expect((error as Error).message).toContain(message);
});
