import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../../test/support/failure.mts';
import { gif, png } from '../../../test/support/images.mts';
import { itemRun } from '../../../test/support/itemRun.mts';
import { bytesOf } from '../../../test/support/splits.mts';
import { strict } from '../../../test/support/strictContext.mts';
import { readImages } from './images.ts';

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
	expect(await readImages(run, 'Image Fields', ' b, a ,')).toEqual([
		{ fileName: 'b.gif', mimeType: 'image/gif', bytes: Buffer.from(gif(1, 1)) },
		{ fileName: 'x.jpg', mimeType: 'image/png', bytes: Buffer.from(png(1, 1)) },
	]);
});

test.each([5, { a: 1 }, null])(
	'a file whose name is %j is named after its field',
	async (fileName) => {
		const run = reading({ data: { bytes: png(1, 1), fileName } });
		expect(await readImages(run, 'Image Fields', 'data')).toMatchObject([{ fileName: 'data.png' }]);
	},
);

test.each(['', ' ', ','])('%j names no field', async (fields) => {
	expect(await readImages(reading({}), 'Image Fields', fields)).toEqual([]);
});

test('a file that is no image is refused by the field’s name', async () => {
	const run = reading({ data: { bytes: bytesOf('<svg/>') } });
	const error = await failureOf(() => readImages(run, 'Image Fields', 'data'));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({
		message: "The file in field 'data' is not an image",
		context: { itemIndex: 1 },
	});
});

test('a file that is announced as too large is not read', async () => {
	const run = reading({ data: { bytes: png(1, 1), announced: 50 * 1024 * 1024 + 1 } });
	const error = await failureOf(() => readImages(run, 'Image Fields', 'data'));
	expect((error as Error).message).toBe("The file in field 'data' is too large");
});
