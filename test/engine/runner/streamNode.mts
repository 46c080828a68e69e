import { nodeType } from './nodeType.mts';

export const streamNode = nodeType('stream', async function () {
	const streaming = this.isStreaming();
	this.sendChunk('begin', 0);
	this.sendChunk('item', 0, 'Hello');
	this.sendChunk('end', 0);
	this.addExecutionHints({ message: 'a hint' });
	return [[{ json: { streaming } }]];
});
