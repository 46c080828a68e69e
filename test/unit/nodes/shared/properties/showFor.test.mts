import type { INodeProperties } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { showFor } from '../../../../../nodes/shared/properties/showFor.ts';

const FIELD: INodeProperties = { displayName: 'Text', name: 'text', type: 'string', default: '' };

test('fields are shown only on the occasion', () => {
	expect(showFor({ operation: 'chat', provider: 'aiChats' }, [FIELD])).toEqual([
		{ ...FIELD, displayOptions: { show: { operation: ['chat'], provider: ['aiChats'] } } },
	]);
});

test('rules that a field has of its own stay', () => {
	const displayOptions = { show: { historyInput: ['json'] }, hide: { text: [''] } };
	const [field] = showFor({ operation: 'chat' }, [{ ...FIELD, displayOptions }]);
	expect(field?.displayOptions).toEqual({
		show: { historyInput: ['json'], operation: ['chat'] },
		hide: { text: [''] },
	});
});

test('the fields given are not changed', () => {
	const given = structuredClone(FIELD);
	showFor({ operation: 'image' }, [given]);
	expect(given).toEqual(FIELD);
});
