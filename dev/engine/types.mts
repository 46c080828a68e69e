import type { Readable } from 'node:stream';

import type {
	ExecutionError,
	ExecutionStatus,
	ICredentialDataDecryptedObject,
	ICredentialType,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeListSearchResult,
	INodePropertyOptions,
	INodeType,
	IPinData,
	IRun,
	ITaskData,
	IVersionedNodeType,
	IWorkflowBase,
	NodeExecutionHint,
	StructuredChunk,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export type NodeTypeLike = INodeType | IVersionedNodeType;
type InstanceOrClass<Type> = Type | (new () => Type);

/** A package's types given directly: instances, or classes to be made instances of. */
export interface PackageClasses {
	/** npm name: node types are `<name>.<node>`, and `CUSTOM.<node>` as well */
	name: string;
	nodes: ReadonlyArray<InstanceOrClass<NodeTypeLike>>;
	credentials?: ReadonlyArray<InstanceOrClass<ICredentialType>>;
}

export interface StoredCredential {
	/** name of the credential type */
	type: string;
	/** as typed into n8n's form: expressions start with `=`, what is left out has its default */
	data: ICredentialDataDecryptedObject;
}

/** n8n's outbound guard. Ranges are CIDR; host names may start with `*.`. */
export interface SsrfProtectionOptions {
	/** default: n8n's own list of loopback, private and reserved ranges */
	blockedIpRanges?: string[];
	allowedIpRanges?: string[];
	allowedHostnames?: string[];
	blockedHostnames?: string[];
}

export interface EngineOptions {
	/** a folder to be loaded from its `dist` as n8n does, or the classes themselves */
	package: { directory: string } | PackageClasses;
	/** by the id or the name with which the workflow's nodes refer to them */
	credentials?: Record<string, StoredCredential>;
	/** further node types by full name; they go before stand-ins of the same name */
	nodeTypes?: Record<string, NodeTypeLike>;
	/** holds `.n8n/storage`; default: a temporary folder that close() removes */
	userFolder?: string;
	/** default `filesystem`; `default` keeps binary data as base64 in the items */
	binaryDataMode?: 'filesystem' | 'default';
	/** switches n8n's SSRF guard on */
	ssrfProtection?: SsrfProtectionOptions;
}

/** What n8n's editor exports; anything else in it is ignored. */
export type WorkflowJson = Pick<IWorkflowBase, 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'settings' | 'staticData' | 'pinData'>>;

export interface RunOptions {
	/** what the trigger node gives out; default: one empty item */
	input?: INodeExecutionData[];
	/** default `manual`. Nodes can stream in manual, webhook, integrated and chat only. */
	mode?: WorkflowExecuteMode;
	/** name of the trigger to start from; default: the first trigger in the workflow */
	startNode?: string;
	/** when given, `isStreaming()` is true and nodes' chunks come here */
	onChunk?: (chunk: StructuredChunk) => void;
	onNodeFinished?: (nodeName: string, taskData: ITaskData) => void;
	/** output by node name; default: the workflow's own in manual mode, none otherwise */
	pinData?: IPinData;
	/** n8n's Retry of a failed run: goes on with the node that failed, in mode `retry` by default */
	retryOf?: IRun;
}

export interface EngineRun {
	/** n8n's own record of the execution */
	run: IRun;
	executionId: string;
	status: ExecutionStatus;
	error?: ExecutionError;
	/**
	 * Items of a node's main output.
	 * @throws Error when the node (or that run of it) did not run
	 */
	items(nodeName: string, output?: number, runIndex?: number): INodeExecutionData[];
	/** Hints of all runs of a node. @throws Error when the node did not run */
	hints(nodeName: string): NodeExecutionHint[];
	/** Bytes of a file. @throws Error when the item has no such property (default `data`) */
	binary(item: INodeExecutionData, property?: string): Promise<Buffer>;
	binaryStream(item: INodeExecutionData, property?: string): Promise<Readable>;
}

export interface RunningExecution {
	executionId: string;
	/** resolves for failed and for stopped executions too: look at `status` and `error` */
	finished: Promise<EngineRun>;
	/** n8n's Stop button: nodes' cancel signal fires. `finished` waits for the node to react. */
	cancel(): void;
}

/** The node whose parameters are being edited. */
export type NodeUnderEdit = Pick<INode, 'type'> &
	Partial<Pick<INode, 'typeVersion' | 'parameters' | 'credentials'>>;

export interface Engine {
	/** Runs a workflow to its end. @throws Error when it cannot start, e.g. unknown node type */
	run(workflow: WorkflowJson, options?: RunOptions): Promise<EngineRun>;
	/** Starts a workflow. @throws Error when it cannot start, e.g. unknown node type */
	start(workflow: WorkflowJson, options?: RunOptions): RunningExecution;
	/** What n8n does when a credential is saved. Failures are results, not exceptions. */
	testCredential(
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult>;
	/** Runs `methods.listSearch[methodName]` of a node. @throws whatever the method throws */
	searchList(
		node: NodeUnderEdit,
		methodName: string,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult>;
	/** Runs `methods.loadOptions[methodName]` of a node. @throws whatever the method throws */
	loadOptions(node: NodeUnderEdit, methodName: string): Promise<INodePropertyOptions[]>;
	/** Stops what still runs, waits for it, removes a temporary folder. */
	close(): Promise<void>;
}
