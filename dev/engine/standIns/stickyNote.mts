import type { INodeType } from 'n8n-workflow';

import { describeStandIn } from './description.mts';

/** Sticky Note: takes part in no run, but n8n looks up the type of every node. */
export class StickyNote implements INodeType {
	readonly description = describeStandIn('stickyNote', { inputs: [], outputs: [] });
}
