import type { INode, IRun, IWorkflowBase } from 'n8n-workflow';

export type WorkflowDefinition = Partial<IWorkflowBase> & { nodes: INode[] };

export interface SavedWorkflow extends WorkflowDefinition {
	id: string;
	name: string;
	versionId: string;
}

/** One execution as n8n keeps it. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
	startedAt: string;
	stoppedAt: string | null;
	data: IRun['data'];
}

/** What the editor knows of a node or a credential. */
export interface TypeDescription {
	name: string;
	displayName: string;
	/** Path of its image, one for each theme where they differ. */
	iconUrl?: string | { light: string; dark: string };
}
