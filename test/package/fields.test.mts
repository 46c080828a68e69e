import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { INodeProperties } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/fields.md');
/** Defaults that are told in words. */
const TOLD = ['by the service', 'by the operation', 'an example', 'a schema'];

/** The fields of the editor, those of every collection 'Options' among them. Notices hold no value. */
function fieldsOf(properties: INodeProperties[]): INodeProperties[] {
	const fields = properties.filter(({ type }) => type !== 'notice');
	return fields.flatMap((property) =>
		property.type === 'collection' ? (property.options as INodeProperties[]) : [property],
	);
}

/** The ways in which a page may tell a default: the value, or what the editor shows for it. */
function spellings({ default: value, options = [] }: INodeProperties): string[] {
	if (typeof value === 'boolean') return [value ? 'on' : 'off'];
	if (typeof value === 'object') return [''];
	const chosen = options.find((option) => 'value' in option && option.value === value);
	return [String(value), ...(chosen === undefined ? [] : [chosen.name])];
}

/** The first two columns of every table of fields. */
function rowsOf(page: string): Array<{ name: string; told: string }> {
	const tables = page.matchAll(/^\| (?:Field|Option) .*\n\|[-| ]+\n((?:\|.*\n)+)/gm);
	const rows = [...tables].flatMap(([, table]) => table!.trim().split('\n'));
	return rows.map((row) => {
		const [, name = '', told = ''] = row.split('|').map((cell) => cell.replaceAll('`', '').trim());
		return { name, told };
	});
}

const nodes = [new AiChats().description.properties, new LmChatAiChats().description.properties];
const credentials = [new AiChatsApi().properties, new AiChatsOpenAiCompatibleApi().properties];
const fields = [...nodes, ...credentials].flatMap(fieldsOf);

describe('docs/fields.md', async () => {
	const rows = rowsOf(await readFile(PAGE, 'utf8'));

	it('tells of every field, and of none that is not there', () => {
		const names = new Set(fields.map(({ displayName }) => displayName));
		expect(names.size).toBeGreaterThan(40);
		expect(new Set(rows.map(({ name }) => name))).toEqual(names);
	});

	it.each(rows)('tells the default of $name as it is: $told', ({ name, told }) => {
		const meant = fields.filter(({ displayName }) => displayName === name);
		const right = meant.flatMap(spellings);
		if (!TOLD.includes(told)) expect(right).toContain(told);
		else expect(right.length).toBeGreaterThan(0);
	});
});
