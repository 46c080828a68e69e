import type { INodeProperties } from 'n8n-workflow';

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
