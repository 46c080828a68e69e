import { NodeOperationError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { asFieldText } from '../../../../../nodes/AiChats/input/fieldText.ts';
import { failureOf } from '../../../../support/failure.mts';
import { itemRun } from '../../../../support/itemRun.mts';

const RUN = itemRun({}, {}, 5);

test.each([
	[' a b ', 'a b'],
	['', ''],
	[undefined, ''],
	[null, ''],
	[0, '0'],
	[1.5, '1.5'],
	[false, 'false'],
	[7n, '7'],
])('%o is the text %j', (value, text) => {
	expect(asFieldText(RUN, 'System Message', value)).toBe(text);
});

test.each([[{}], [[]], [['a']], [new Date(0)]])(
	'%j is refused by the field’s name',
	async (value) => {
		const error = await failureOf(() => asFieldText(RUN, 'System Message', value));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({
			message: "'System Message' is not a text",
			context: { itemIndex: 5 },
		});
	},
);
