import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { itemRun } from '../../../test/support/itemRun.mts';
import { readImageOutput } from './imageOutput.ts';

test('what is not set has its default, the file’s name comes from the prompt', () => {
	expect(readImageOutput(itemRun({}), 'a cat')).toEqual({
		kind: 'binary',
		property: 'data',
		fileName: 'a cat',
	});
});

test('what is set counts', () => {
	const parameters = {
		imageOutput: 'both',
		binaryPropertyName: ' photo ',
		options: { fileName: 'lighthouse', maxImageSize: 2 },
	};
	expect(readImageOutput(itemRun(parameters), 'a cat')).toEqual({
		kind: 'both',
		property: 'photo',
		fileName: 'lighthouse',
		largest: 2 * 1024 * 1024,
	});
});

test('an empty file name is none', () => {
	expect(readImageOutput(itemRun({ options: { fileName: '' } }), 'a cat').fileName).toBe('a cat');
});

test('a field without a name is refused', () => {
	const run = itemRun({ binaryPropertyName: '  ' });
	expect(() => readImageOutput(run, 'a cat')).toThrow(NodeOperationError);
});

test('a field name that is nothing is refused in words', () => {
	const read = () => readImageOutput(itemRun({ binaryPropertyName: null }), 'a cat');
	expect(read).toThrow("'Put Output File in Field' is empty");
});

test('a field name that is a number is its text', () => {
	expect(readImageOutput(itemRun({ binaryPropertyName: 7 }), 'a cat').property).toBe('7');
});

test('a field name that is an object is refused in words', () => {
	const read = () => readImageOutput(itemRun({ binaryPropertyName: {} }), 'a cat');
	expect(read).toThrow("'Put Output File in Field' is not text");
});
