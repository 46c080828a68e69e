import { type INodeProperties, NodeOperationError } from 'n8n-workflow';

import { asObject, parseJson } from '../../../providers/decode/json';
import type { Message, Role } from '../../../providers/types';
import type { VisionFields } from '../../shared/chatOptions';
import { asFieldText } from '../../shared/fields';
import type { ItemRun } from '../ItemRun';
import { readImages } from './images';
import { readPrompt } from './prompt';

/** Earlier turns of the conversation, as rows or as JSON. */
export const historyProperties: INodeProperties[] = [
	{
		displayName: 'Message History',
		name: 'historyInput',
		type: 'options',
		default: 'none',
		description: 'Earlier turns of the conversation to send before the prompt',
		options: [
			{ name: 'None', value: 'none' },
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
	},
	{
		displayName: 'Messages',
		name: 'historyMessages',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Message',
		default: {},
		displayOptions: { show: { historyInput: ['fields'] } },
		options: [
			{
				displayName: 'Message',
				name: 'values',
				values: [
					{
						displayName: 'Role',
						name: 'role',
						type: 'options',
						default: 'user',
						options: [
							{ name: 'Assistant', value: 'assistant' },
							{ name: 'System', value: 'system' },
							{ name: 'User', value: 'user' },
						],
						description: 'Who said it',
					},
					{
						displayName: 'Content',
						name: 'content',
						type: 'string',
						typeOptions: { rows: 2 },
						default: '',
						placeholder: 'e.g. Hello!',
						description: 'What was said',
					},
				],
			},
		],
	},
	{
		displayName: 'Messages (JSON)',
		name: 'historyJson',
		type: 'json',
		default: '[]',
		placeholder: 'e.g. [{ "role": "user", "content": "Hello!" }]',
		description: 'An array of objects with role (system, user or assistant) and content',
		displayOptions: { show: { historyInput: ['json'] } },
	},
];

const ROLES: readonly string[] = ['system', 'user', 'assistant'] satisfies Role[];

/**
 * The conversation to send: system message, what the memory holds, history, prompt.
 * @throws NodeOperationError for an empty prompt or an unusable history
 */
export async function readMessages(
	run: ItemRun,
	remembered: readonly Message[] = [],
): Promise<Message[]> {
	const systemMessage = asFieldText(run, 'System Message', run.parameter('systemMessage', ''));
	return [
		...(systemMessage === '' ? [] : [{ role: 'system' as const, content: systemMessage }]),
		...remembered,
		...readHistory(run),
		{ role: 'user', content: readPrompt(run), ...(await readAttachedImages(run)) },
	];
}

async function readAttachedImages(run: ItemRun): Promise<Pick<Message, 'images'>> {
	const { imageFields = '', imageDetail } = run.options<VisionFields>();
	const files = await readImages(run, 'Image Fields', imageFields);
	if (files.length === 0) return {};
	const detail = imageDetail === undefined ? {} : { detail: imageDetail };
	const images = files.map(({ mimeType, bytes }) => ({
		mimeType,
		base64: Buffer.from(bytes).toString('base64'),
		...detail,
	}));
	return { images };
}

function readHistory(run: ItemRun): Message[] {
	const input = run.parameter<string>('historyInput', 'none');
	if (input === 'fields') {
		return toMessages(run, run.parameter<unknown[]>('historyMessages.values', []));
	}
	return input === 'json' ? toMessages(run, readJson(run)) : [];
}

function readJson(run: ItemRun): unknown[] {
	const value = run.parameter<unknown>('historyJson', []);
	const parsed = typeof value === 'string' ? parseJson(value || '[]') : { ok: true, value };
	if (parsed.ok && Array.isArray(parsed.value)) return parsed.value as unknown[];
	throw historyError(run, 'The message history is not a JSON array');
}

function toMessages(run: ItemRun, entries: unknown[]): Message[] {
	return entries.map((entry, index) => {
		const { role, content } = asObject(entry) ?? {};
		if (typeof role === 'string' && ROLES.includes(role) && typeof content === 'string') {
			return { role: role as Role, content };
		}
		throw historyError(run, `Message ${index + 1} of the history cannot be used`);
	});
}

function historyError(run: ItemRun, message: string): NodeOperationError {
	return new NodeOperationError(run.context.getNode(), message, {
		itemIndex: run.itemIndex,
		description:
			'Each message needs a role (system, user or assistant) and a content, e.g. [{ "role": "user", "content": "Hello!" }].',
	});
}
