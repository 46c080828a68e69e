import type {
	FieldType,
	GenericValue,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	validateFieldType,
} from 'n8n-workflow';

import type { Runtime } from './runtime.mts';

/** The description every stand-in starts from: one main input, one main output, no parameters. */
export function describeStandIn(
	name: string,
	differences: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: [1, 1.1, 1.2, 1.3, 2, 2.1],
		description: `Stand-in for n8n's ${name}`,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...differences,
	};
}

const EXPRESSION = /\{\{[\s\S]+?\}\}/g;

/**
 * Reads Edit Fields' JSON field. Its expressions are put in one by one, objects among them as
 * JSON, where n8n's ordinary text expressions would put "[object Object]".
 *
 * @throws SyntaxError when the result is not JSON
 */
export function readRawJson(context: IExecuteFunctions, index: number): IDataObject {
	const options = { rawExpressions: true };
	const source: unknown = context.getNodeParameter('jsonOutput', index, '{}', options);
	if (typeof source !== 'string') return source as IDataObject;
	if (!source.startsWith('=')) return JSON.parse(source) as IDataObject;
	const resolved = source.slice(1).replace(EXPRESSION, (expression) => {
		const value: unknown = context.evaluateExpression(expression, index);
		return typeof value === 'object' ? JSON.stringify(value) : String(value);
	});
	return JSON.parse(resolved) as IDataObject;
}

/** Sets `a.b` as n8n's dot notation does: inside the object `a`, which is made if missing. */
export function setPath(target: IDataObject, path: string, value: unknown): IDataObject {
	const keys = path.split('.');
	const last = keys.pop() ?? path;
	let parent = target;
	for (const key of keys) {
		const child = parent[key];
		parent[key] = typeof child === 'object' && child !== null ? child : {};
		parent = parent[key] as IDataObject;
	}
	parent[last] = value as GenericValue;
	return target;
}

interface Assignment {
	name: string;
	value: unknown;
	type?: FieldType;
}

/** Edit Fields (Set) 3.x: the manual and the raw JSON mode, Include Other Input Fields. */
export class EditFields implements INodeType {
	readonly description = describeStandIn('set', {
		version: [3, 3.1, 3.2, 3.3, 3.4],
		properties: [
			{ displayName: 'Mode', name: 'mode', type: 'string', default: 'manual' },
			{ displayName: 'JSON', name: 'jsonOutput', type: 'json', default: '{}' },
			{ displayName: 'Fields', name: 'assignments', type: 'assignmentCollection', default: {} },
			{ displayName: 'Include', name: 'includeOtherFields', type: 'boolean', default: false },
		],
	});

	constructor(private readonly validate: typeof validateFieldType) {}

	readonly execute = editFieldsWith((assignment) => this.convert(assignment));

	// n8n turns what an expression gave into the type chosen in the form, or fails.
	private convert({ name, value, type = 'string' }: Assignment): unknown {
		const result = this.validate(name, value, type, { parseStrings: true });
		if (!result.valid) throw new Error(result.errorMessage);
		return result.newValue ?? null;
	}
}

function editFieldsWith(convert: (assignment: Assignment) => unknown) {
	return async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().map((input, index) => {
			const keepsInput = this.getNodeParameter('includeOtherFields', index) === true;
			const fields = readFields(this, index, convert);
			const kept = keepsInput ? structuredClone(input.json) : {};
			const json = Object.entries(fields).reduce(
				(target, [path, value]) => setPath(target, path, value),
				kept,
			);
			const binary = keepsInput && input.binary ? { binary: input.binary } : {};
			return { json, ...binary, pairedItem: { item: index } };
		});
		return [items];
	};
}

function readFields(
	context: IExecuteFunctions,
	index: number,
	convert: (assignment: Assignment) => unknown,
): IDataObject {
	if (context.getNodeParameter('mode', index) === 'raw') return readRawJson(context, index);
	const list = context.getNodeParameter('assignments.assignments', index, []) as Assignment[];
	return Object.fromEntries(list.map((field) => [field.name, convert(field)])) as IDataObject;
}

/** Split Out: one field with a list, beside it the other fields and files. */
export class SplitOut implements INodeType {
	readonly description = describeStandIn('splitOut', {
		properties: [
			{ displayName: 'Field', name: 'fieldToSplitOut', type: 'string', default: '' },
			{ displayName: 'Include', name: 'include', type: 'string', default: 'noOtherFields' },
			{ displayName: 'Fields', name: 'fieldsToInclude', type: 'string', default: '' },
			{ displayName: 'Options', name: 'options', type: 'json', default: {} },
		],
	});

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().flatMap(({ json, binary }, index) => {
			const field = String(this.getNodeParameter('fieldToSplitOut', index));
			const options = this.getNodeParameter('options', index, {}) as IDataObject;
			const kept = keptFields(this, index, json, field);
			const name = options['destinationFieldName'];
			return (json[field] as GenericValue[]).map((entry) => ({
				json: {
					...kept,
					...(typeof entry === 'object' && !name ? entry : { [String(name || field)]: entry }),
				},
				...(options['includeBinary'] === true && binary ? { binary } : {}),
				pairedItem: { item: index },
			}));
		});
		return [items];
	}
}

function keptFields(context: IExecuteFunctions, index: number, json: IDataObject, split: string) {
	const include = context.getNodeParameter('include', index);
	const names = String(context.getNodeParameter('fieldsToInclude', index)).split(/, */);
	const isKept: Record<string, (name: string) => boolean> = {
		allOtherFields: (name) => name !== split,
		selectedOtherFields: (name) => names.includes(name),
	};
	return Object.fromEntries(
		Object.entries(json).filter(([name]) => isKept[String(include)]?.(name) === true),
	);
}

/** No Operation, do nothing */
export class NoOperation implements INodeType {
	readonly description = describeStandIn('noOp');

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

/** A trigger that fires once, with the run's input, whatever its parameters say. */
export class PassThroughTrigger implements INodeType {
	readonly description;

	constructor(name: string) {
		this.description = describeStandIn(name, { group: ['trigger'], inputs: [] });
	}

	/** n8n finds the node to start from by this method; the engine runs execute() instead. */
	async trigger() {
		return undefined;
	}

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

/** Sticky Note: takes part in no run, but n8n looks up the type of every node. */
export class StickyNote implements INodeType {
	readonly description = describeStandIn('stickyNote', { inputs: [], outputs: [] });
}

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
		'n8n-nodes-base.splitOut': new SplitOut(),
		'n8n-nodes-base.stickyNote': new StickyNote(),
	};
}
