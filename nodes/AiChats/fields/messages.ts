import type { INodeProperties, NodeOperationError } from 'n8n-workflow';

import { asObject } from '../../../providers/decode/json';
import type { Message, Role } from '../../../providers/types';
import { asFieldText, fieldError, readJson, unknownChoice } from '../../shared/fields';
import { choices } from '../../shared/options';
import type { ItemRun } from '../ItemRun';
import { readAttachments } from './attachments';
import { readPrompt } from './prompt';

const HISTORIES = [
	{ name: 'None', value: 'none' },
	{ name: 'Using Fields Below', value: 'fields' },
	{ name: 'Using JSON', value: 'json' },
];

/** Earlier turns of the conversation, as rows or JSON. */
export const historyProperties: INodeProperties[] = [
	{
		displayName: 'Message History',
		name: 'historyInput',
		type: 'options',
		default: 'none',
		description: 'Earlier messages to send before the prompt',
		options: HISTORIES,
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
						options: choices('Assistant', 'System', 'User'),
					},
					{
						displayName: 'Content',
						name: 'content',
						type: 'string',
						typeOptions: { rows: 2 },
						default: '',
						placeholder: 'e.g. Hello!',
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
		description: 'Array of objects with role (system, user or assistant) and content',
		displayOptions: { show: { historyInput: ['json'] } },
	},
];

/** Roles by the names that OpenAI's API and LangChain, on which n8n's agents are built, give them. */
const ROLES: Readonly<Record<string, Role>> = {
	system: 'system',
	developer: 'system',
	user: 'user',
	human: 'user',
	assistant: 'assistant',
	ai: 'assistant',
};

/**
 * The conversation to send: system message, what the memory holds, history, prompt with its files. And what the
 * memory is to keep of the prompt: of files it is the names.
 * @throws NodeOperationError for an empty prompt without files, an unusable history or an unusable file
 */
export async function readMessages(
	run: ItemRun,
	remembered: readonly Message[] = [],
): Promise<{ messages: Message[]; said: string }> {
	const systemMessage = asFieldText(run, 'System Message', run.parameter('systemMessage', ''));
	const { attachments, texts, names } = await readAttachments(run);
	const prompt = readPrompt(run, names.length > 0);
	const files = names.length === 0 ? [] : [`[Attached: ${names.join(', ')}]`];
	const last: Message = { role: 'user', content: paragraphs(prompt, ...texts) };
	const messages = [
		...(systemMessage === '' ? [] : [{ role: 'system' as const, content: systemMessage }]),
		...remembered,
		...readHistory(run),
		attachments.length === 0 ? last : { ...last, attachments },
	];
	return { messages, said: paragraphs(prompt, ...files) };
}

function paragraphs(...texts: string[]): string {
	return texts.filter((text) => text.trim() !== '').join('\n\n');
}

function readHistory(run: ItemRun): Message[] {
	const input = run.parameter<string>('historyInput', 'none');
	if (input === 'none') return [];
	if (input === 'fields') return toMessages(run, run.parameter('historyMessages.values', []));
	if (input === 'json') return toMessages(run, readHistoryJson(run));
	throw unknownChoice(
		run,
		'Message History',
		input,
		HISTORIES.map(({ name }) => name),
	);
}

function readHistoryJson(run: ItemRun): unknown {
	const value = run.parameter<unknown>('historyJson', []);
	return value === '' ? [] : readJson(run, 'Messages (JSON)', value);
}

function toMessages(run: ItemRun, entries: unknown): Message[] {
	if (!Array.isArray(entries)) throw historyError(run, 'The message history is not an array');
	return entries.map((entry: unknown, index) => {
		const { role, content } = asObject(entry) ?? {};
		const known = typeof role === 'string' && Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
		const text = textOf(content);
		if (known !== undefined && text !== undefined) return { role: known, content: text };
		const problem = known === undefined ? 'role' : 'content';
		throw historyError(run, `Message ${index + 1} of the history has no usable ${problem}`);
	});
}

/** Text, or parts of text as OpenAI's API has them. Other parts, such as images, cannot be kept. */
function textOf(content: unknown): string | undefined {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return undefined;
	const texts = content.map((part: unknown) => {
		const { type, text } = asObject(part) ?? {};
		return (type === 'text' || type === 'input_text') && typeof text === 'string'
			? text
			: undefined;
	});
	return texts.includes(undefined) ? undefined : texts.join('');
}

function historyError(run: ItemRun, message: string): NodeOperationError {
	return fieldError(
		run,
		message,
		'Each message needs a role (system, user or assistant) and content.',
	);
}
