import { Readable } from 'node:stream';

import { nodeType, textParameter } from './nodeType.mts';

export const fileNode = nodeType(
	'file',
	async function () {
		const content = this.getNodeParameter('content', 0) as string;
		const streamed = this.getNodeParameter('streamed', 0) === 'yes';
		const source = streamed ? Readable.from([Buffer.from(content)]) : Buffer.from(content);
		const data = await this.helpers.prepareBinaryData(source, 'note.txt', 'text/plain');
		return [[{ json: {}, binary: { data } }]];
	},
	{ properties: [textParameter('content'), textParameter('streamed')] },
);

export const readFileNode = nodeType('readFile', async function () {
	const buffer = await this.helpers.getBinaryDataBuffer(0, 'data');
	return [[{ json: { content: buffer.toString() } }]];
});
