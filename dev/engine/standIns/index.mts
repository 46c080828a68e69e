import type { INodeType } from 'n8n-workflow';

import type { Runtime } from '../runtime.mts';
import { EditFields } from './editFields.mts';
import { NoOperation } from './noOperation.mts';
import { PassThroughTrigger } from './passThroughTrigger.mts';
import { StickyNote } from './stickyNote.mts';

/**
 * Stand-ins for n8n's own trivial nodes, which live in a package far too big to depend on. They
 * do what example workflows need and no more; the project's tests in real n8n run the originals.
 */
export function createStandIns({ workflow }: Runtime): Record<string, INodeType> {
	return {
		'n8n-nodes-base.manualTrigger': new PassThroughTrigger('manualTrigger'),
		'n8n-nodes-base.scheduleTrigger': new PassThroughTrigger('scheduleTrigger'),
		'n8n-nodes-base.webhook': new PassThroughTrigger('webhook'),
		'@n8n/n8n-nodes-langchain.chatTrigger': new PassThroughTrigger('chatTrigger'),
		'n8n-nodes-base.noOp': new NoOperation(),
		'n8n-nodes-base.set': new EditFields(workflow.validateFieldType),
		'n8n-nodes-base.stickyNote': new StickyNote(),
	};
}
