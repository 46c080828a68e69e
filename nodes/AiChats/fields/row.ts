import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { asObject, withoutUndefined } from '../../../providers/decode/json';
import { fieldError } from '../../shared/fields';
import { type FieldOf, readOption } from '../../shared/options';
import type { ItemRun } from '../ItemRun';

/** How an answer is put into the item that it belongs to. */
interface RowOptions {
	answerField?: string;
	spreadJson?: boolean;
}

/** Named as in n8n's Edit Fields. An agent reads only the answer, so that its tools do not have it. */
export const includeOtherFieldsProperty: INodeProperties = {
	displayName: 'Include Other Input Fields',
	name: 'includeOtherFields',
	type: 'boolean',
	default: false,
	description: 'Whether to pass the input fields and files to the output',
	displayOptions: { hide: { '@tool': [true] } },
};

export const answerFieldProperty: FieldOf<RowOptions> = {
	displayName: 'Put Answer in Field',
	name: 'answerField',
	type: 'string',
	default: '',
	placeholder: 'e.g. answer',
	description: 'Name of an output field to put the whole answer in',
};

export const spreadJsonProperty: FieldOf<RowOptions> = {
	displayName: 'Spread JSON Answer',
	name: 'spreadJson',
	type: 'boolean',
	default: false,
	description: 'Whether to return each field of a JSON answer as an output field',
};

/** Gives an item of an operation its final shape. */
type Shape = (item: INodeExecutionData) => INodeExecutionData;

/**
 * What becomes of the answer to an input item; undefined where it is returned as it is. Read before anything is
 * sent: nobody should pay for an answer that has no place.
 * @throws NodeOperationError for a field that cannot hold an answer
 */
export function readShape(run: ItemRun, input: INodeExecutionData | undefined): Shape | undefined {
	if (run.isTool) return undefined;
	const { answerField = '', spreadJson = false } = run.options<RowOptions>();
	const isKept = run.parameter<unknown>(includeOtherFieldsProperty.name, false);
	const row = readOption(run, includeOtherFieldsProperty, isKept) === true ? input : undefined;
	if (['error', 'errorDetails'].includes(answerField)) throw takenName(run, answerField);
	if (row === undefined && answerField === '' && !spreadJson) return undefined;
	return ({ json, binary, ...item }) => {
		const answer = spreadJson ? spread(json) : json;
		const files = { ...row?.binary, ...binary };
		return {
			...item,
			json: {
				...(row === undefined ? {} : keptFields(row.json)),
				...(answerField === '' ? answer : { [answerField]: answer }),
			},
			...(Object.keys(files).length === 0 ? {} : { binary: files }),
		};
	};
}

/**
 * The fields that only a failure may have: n8n itself, and whoever sorts items by `error`, takes an item with
 * them for a failed one. Rows have them from an earlier node, or from an earlier try of this one.
 */
function withoutFailure({ error, errorDetails, ...rest }: IDataObject) {
	const failure = Object.entries(withoutUndefined({ error, errorDetails }));
	return { rest, failure };
}

/** The fields of a row, those of an earlier failure under other names. */
function keptFields(json: IDataObject): IDataObject {
	const { rest, failure } = withoutFailure(json);
	const renamed = failure.map(([name, value]) => [
		name === 'error' ? 'inputError' : 'inputErrorDetails',
		value,
	]);
	return { ...rest, ...Object.fromEntries(renamed) };
}

/** The fields of a JSON object beside the rest of the answer, except those that only a failure may have. */
function spread({ output, ...json }: IDataObject): IDataObject {
	const fields = asObject(output);
	if (fields === undefined) return output === undefined ? json : { output, ...json };
	const { rest, failure } = withoutFailure(fields as IDataObject);
	const left = failure.length === 0 ? {} : { output: Object.fromEntries(failure) };
	return { ...left, ...json, ...rest };
}

function takenName(run: ItemRun, name: string) {
	return fieldError(
		run,
		`'${answerFieldProperty.displayName}' cannot be '${name}'`,
		'n8n takes items with this field for failed ones. Choose another name.',
	);
}
