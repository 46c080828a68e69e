import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf } from '../../../test/support/failure.mts';
import { png } from '../../../test/support/images.mts';
import { itemRun } from '../../../test/support/itemRun.mts';
import { strict } from '../../../test/support/strictContext.mts';
import { readImageOptions } from './image.operation.ts';

/** The item's files, all of them the same image. */
const helpers = strict('helpers', {
	assertBinaryData: () => ({ data: 'id', mimeType: 'image/png' }),
	getBinaryDataBuffer: async () => Buffer.from(png(1, 1)),
});

async function read(parameters: Record<string, unknown>) {
	return await readImageOptions(itemRun(parameters, { helpers }));
}

function file(name: string) {
	return { fileName: `${name}.png`, mimeType: 'image/png', bytes: Buffer.from(png(1, 1)) };
}

test('without options an image is asked for as it comes', async () => {
	const { signal, ...rest } = await read({});
	expect(signal).toBeInstanceOf(AbortSignal);
	expect(rest).toEqual({ image: { sources: [], mask: undefined }, extraBody: {} });
});

test('what is set goes along', async () => {
	const options = { count: 2, size: '1x1', outputFormat: 'webp' };
	expect((await read({ options })).image).toMatchObject(options);
});

test('sources and mask are read from their fields', async () => {
	const { image } = await read({ sourceFields: 'a, b', options: { maskField: 'm' } });
	expect(image).toEqual({ sources: [file('a'), file('b')], mask: file('m') });
});

test('the extra body is an object', async () => {
	expect((await read({ options: { extraBody: '{"steps":4}' } })).extraBody).toEqual({ steps: 4 });
	const failure = await failureOf(() => read({ options: { extraBody: '[]' } }));
	expect(failure).toBeInstanceOf(NodeOperationError);
});
