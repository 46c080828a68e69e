import { createHash, hash } from 'node:crypto';
import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';

import type { ByteSource } from '../../providers/types';
import type { FieldOf } from '../shared/options';
import type { ProviderName } from '../shared/providers';
import { showHint } from './hints';
import { type Answer, type Found, RepeatedRows } from './repeatedRows';
import { runIndexOf } from './spending';

/** What answers are good for besides their own item: read once for all items of a run. */
export interface AnswerSettings {
	answerRepeatsOnce?: boolean;
	keepAnswers?: boolean;
}

export const answerProperties: Array<FieldOf<AnswerSettings>> = [
	{
		displayName: 'Answer Repeated Rows Once',
		name: 'answerRepeatsOnce',
		type: 'boolean',
		default: false,
		description: 'Whether to send identical requests of a run only once',
	},
	{
		displayName: 'Keep Answers for a Retry',
		name: 'keepAnswers',
		type: 'boolean',
		default: true,
		description: 'Whether a retry of a failed run requests only the missing answers',
	},
];

/** What is asked. Two that are equal get the same answer. */
export interface AnswerRequest {
	/** All that goes to the service but files and secrets, as JSON can say it. */
	content: unknown;
	/** Base64 and URLs as they are. */
	files: ReadonlyArray<string | ByteSource>;
}

interface KeptAnswer {
	/** A hash of the request. */
	key: string;
	/** As JSON. */
	answer: string;
}

/** In UTF-16 code units; most answers have one for each byte. */
const MAX_KEPT = 10 * 1024 * 1024;
/** Services let links to images expire, many of them after an hour. In ms. */
const LINK_LIFE = 600_000;
/** Under which the node's context, which n8n saves with the execution, holds the answers. */
const FIELD = 'keptAnswers';
/** Part of each hash: raise it when what is kept changes its form. */
const FORM = 1;

/** The answers of a run: those kept from an earlier one that failed, and those that items share. */
export class RunAnswers {
	/** Whether requests have to be told apart. */
	readonly isUsed: boolean;
	/** Texts of kept answers that were put back into a memory. */
	readonly restored = new Set<string>();
	private readonly keeps: boolean;
	private readonly stored: IContextObject;
	/** By key, each to be given out once: equal requests of several items have an answer each. */
	private readonly kept = new Map<string, KeptAnswer[]>();
	private readonly had = new Set<KeptAnswer>();
	private readonly rows: RepeatedRows;
	/** The provider, and the ids of the node's credentials. */
	private readonly account: readonly unknown[];
	private runIndex: unknown;
	private size = 0;
	private used = 0;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly settings: AnswerSettings,
		private readonly itemCount: number,
		{ providerName, isTool }: { providerName: ProviderName; isTool: boolean },
	) {
		this.rows = new RepeatedRows(() => context.continueOnFail());
		const { answerRepeatsOnce = false, keepAnswers = true } = settings;
		// A single item that fails leaves nothing to keep, and an agent asks its tools anew.
		const isBatch = itemCount > 1 && !isTool;
		this.keeps = isBatch && keepAnswers;
		this.isUsed = this.keeps || (isBatch && answerRepeatsOnce);
		this.stored = isTool ? {} : context.getContext('node');
		const { credentials = {} } = this.isUsed ? context.getNode() : {};
		const ids = Object.entries(credentials).map(([type, { id }]) => [type, id]);
		this.account = [providerName, ids];
		if (this.keeps) for (const entry of keptIn(this.stored)) this.listOf(entry.key).push(entry);
	}

	/**
	 * A hash of all that makes a request what it is. The credential counts by its id and address, so that a new
	 * key in it, which may be why there is a retry, does not ask everything again.
	 * @param isTied whether the item's place counts, too: the same words may go to another conversation, or
	 * another tenant
	 */
	async keyOf(
		{ content, files }: AnswerRequest,
		address: string,
		itemIndex: number,
		isTied: boolean,
	): Promise<string> {
		const place = isTied ? [(this.runIndex ??= runIndexOf(this.context)), itemIndex] : null;
		const bytes = await Promise.all(files.map(hashOf));
		const request = JSON.stringify([FORM, this.account, address, place, content, bytes]);
		return hash('sha256', request, 'base64');
	}

	/** An answer that is kept or another row's, or what `ask` gets. @throws what `ask` throws */
	async find<Kind extends Answer>(
		key: string,
		itemIndex: number,
		ask: () => Promise<Kind>,
	): Promise<Found<Kind>> {
		const keptOrNew = async () => {
			const kept = this.takeKept<Kind>(key);
			return { answer: kept ?? (await ask()), isNew: kept === undefined };
		};
		if (this.settings.answerRepeatsOnce !== true) return await keptOrNew();
		return await this.rows.find(key, itemIndex, keptOrNew);
	}

	/** Notes the answer of an item that came out well. Images in the item itself are too large to be kept. */
	note(key: string, answer: Answer): void {
		if (!this.keeps || answer.images.some(holdsBytes)) return;
		const hasLinks = answer.images.some(({ json }) => typeof json?.['url'] === 'string');
		const dated = hasLinks ? { until: Date.now() + LINK_LIFE, ...answer } : answer;
		const entry = { key, answer: JSON.stringify(dated) };
		this.had.add(entry);
		this.size += entry.answer.length;
		for (const oldest of this.had) {
			if (this.size <= MAX_KEPT) break;
			this.had.delete(oldest);
			this.size -= oldest.answer.length;
		}
	}

	/** Keeps what the run had, and what it did not come to, until it is known to have succeeded. */
	keep(): void {
		this.store([...[...this.kept.values()].flat(), ...this.had]);
	}

	/**
	 * For a run that came to its end. Where answers are missing, the others are kept only if n8n may run the node
	 * again in the same execution: it succeeds, and would only carry them along.
	 * @param missing of each item, whether it has no answer
	 */
	settle(missing: readonly boolean[]): void {
		if (this.used > 0) {
			const share = `${this.used} of ${this.itemCount}`;
			showHint(this.context, `${share} answers were kept from the failed run`);
		}
		const { name, retryOnFail } = this.context.getNode();
		// n8n takes the first item for the whole run.
		const isRetried = retryOnFail === true && missing[0] === true;
		const isRepeated = missing.includes(true) && (isRetried || isInLoop(this.context, name));
		this.store(isRepeated ? [...this.had] : []);
	}

	private takeKept<Kind extends Answer>(key: string): Kind | undefined {
		const entry = this.kept.get(key)?.shift();
		if (entry === undefined) return undefined;
		const answer = JSON.parse(entry.answer) as Kind;
		if ((answer.until ?? Infinity) < Date.now()) return undefined;
		this.used++;
		return answer;
	}

	private store(entries: KeptAnswer[]): void {
		let size = 0;
		const fits = ({ answer }: KeptAnswer) => (size += answer.length) <= MAX_KEPT;
		const newest = entries.reverse().filter(fits).reverse();
		if (this.keeps && newest.length > 0) this.stored[FIELD] = newest;
		else delete this.stored[FIELD];
	}

	private listOf(key: string): KeptAnswer[] {
		const list = this.kept.get(key) ?? [];
		this.kept.set(key, list);
		return list;
	}
}

/** A file in n8n's storage counts by its id. */
async function hashOf(file: string | ByteSource): Promise<string> {
	if (typeof file === 'string') return hash('sha256', file, 'base64');
	if (file.id !== undefined) return file.id;
	const whole = createHash('sha256');
	for await (const bytes of file.read()) whole.update(bytes);
	return whole.digest('base64');
}

function keptIn(stored: IContextObject): KeptAnswer[] {
	const entries: unknown = stored[FIELD];
	return Array.isArray(entries) ? entries : [];
}

/** Files have an id where n8n stores them outside the item. */
function holdsBytes({ binary = {} }: Answer['images'][number]): boolean {
	return Object.values(binary).some(({ id }) => id === undefined);
}

function isInLoop(context: IExecuteFunctions, name: string): boolean {
	const before = new Set(context.getParentNodes(name).map((node) => node.name));
	return context.getChildNodes(name).some((node) => before.has(node.name));
}
