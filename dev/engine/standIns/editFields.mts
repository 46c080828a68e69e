import type {
	FieldType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	validateFieldType,
} from 'n8n-workflow';

import { describeStandIn } from './description.mts';
import { readRawJson } from './rawJson.mts';
import { setPath } from './setPath.mts';

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
