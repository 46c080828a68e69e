import type { ResponseFormat } from '../../../providers/options';
import { schemaFromExample } from '../../../providers/structured/schemaFromExample';
import type { ItemRun } from '../run/ItemRun';
import { readJson, readJsonObject } from '../../shared/readJson';

/** Servers want a name for a schema; what it is does not matter. */
const SCHEMA_NAME = 'answer';

/** How the answer is to be shaped. @throws NodeOperationError for an unusable example or schema */
export function readResponseFormat(run: ItemRun): ResponseFormat {
	const format = run.parameter<string>('responseFormat', 'text');
	if (format === 'object') return { type: 'json_object' };
	if (format === 'example') {
		const example = readJson(run, 'JSON Example', run.parameter('jsonExample'));
		return { type: 'json_schema', name: SCHEMA_NAME, schema: schemaFromExample(example) };
	}
	if (format !== 'schema') return { type: 'text' };
	const schema = readJsonObject(run, 'JSON Schema', run.parameter('jsonSchema'));
	return { type: 'json_schema', name: SCHEMA_NAME, schema };
}
