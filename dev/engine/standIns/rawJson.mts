import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

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
