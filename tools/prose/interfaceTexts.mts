import type { INodeProperties } from 'n8n-workflow';

import { AiChatsApi } from '../../credentials/AiChatsApi.credentials.ts';
import { AiChatsOpenAiCompatibleApi } from '../../credentials/AiChatsOpenAiCompatibleApi.credentials.ts';
import { AiChats } from '../../nodes/AiChats/AiChats.node.ts';
import { LmChatAiChats } from '../../nodes/LmChatAiChats/LmChatAiChats.node.ts';
import type { Text } from './checkText.mts';

/** The fields of a property, an option or a node that users read. */
const READ_BY_USERS = ['displayName', 'description', 'placeholder', 'hint', 'action'] as const;
/** Names of models and of versions: words that hold a digit and a dash. */
const NAMES = /\b[\w.]+(?=[\w.-]*\d)(-[\w.]+)+\b/g;
/** Links, addresses and what is typed on a command line. */
const TYPED = /<a .*?<\/a>|https?:\/\/\S+[^\s.,]|--[\w-]+/g;
/** An example that is no prose, such as a header or an address. */
const CODE = /[^\p{L}\s,.!'()]/u;

type Described = Partial<Record<(typeof READ_BY_USERS)[number] | 'name', unknown>> & {
	options?: unknown;
	values?: unknown;
};

/** All that the editor shows of both nodes and both credentials, each text once. */
export function interfaceTexts(): Text[] {
	const described: Described[] = [
		new AiChats().description,
		new LmChatAiChats().description,
		new AiChatsApi(),
		new AiChatsOpenAiCompatibleApi(),
	];
	const texts = described.flatMap((root) => textsOf(root, String(root.name)));
	const unique = new Map(texts.map(({ place, content }) => [content, place]));
	return [...unique].map(([content, place]) => ({
		place,
		content,
		language: 'plaintext',
		dialect: 'American',
	}));
}

function textsOf(
	described: Described & { properties?: INodeProperties[] },
	place: string,
): Array<Pick<Text, 'place' | 'content'>> {
	const own = READ_BY_USERS.map((field) => ({ place: `${place} ${field}`, text: described[field] }))
		.filter((entry): entry is { place: string; text: string } => typeof entry.text === 'string')
		.map(({ place: where, text }) => ({
			place: where,
			content: text
				.replace(/^e\.g\. /, '')
				.replace(TYPED, 'Ada')
				.replace(NAMES, 'Ada'),
		}))
		.filter(({ place: where, content }) => !where.endsWith('placeholder') || !CODE.test(content));
	// An option has its label under `name`, where properties have their key.
	const isOption = described.name !== undefined && described.displayName === undefined;
	const label = isOption ? [{ place: `${place} name`, content: String(described.name) }] : [];
	const inner = [described.properties, described.options, described.values].flatMap((list) =>
		Array.isArray(list) ? (list as Described[]) : [],
	);
	const nested = inner.flatMap((entry) => textsOf(entry, `${place} › ${String(entry.name)}`));
	return [...own, ...label, ...nested];
}
