import { createHash, hash } from 'node:crypto';
import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';

import type { ByteSource } from '../../providers/types';
import type { ProviderName } from '../shared/providers';
import type { AnswerSettings } from './fields/batch';
import { showHint } from './hints';
import { type Answer, type AnswerRequest, type Found, RepeatedRows } from './repeatedRows';
import { runIndexOf } from './spending';

interface KeptAnswer {
	/** A hash of the request. */
	key: string;
	/** As JSON. */
	answer: string;
}

/** In UTF-16 code units; most answers have one for each byte. */
const MAX_KEPT = 10 * 1024 * 1024;
/** Of the newest answers with their requests, which become hashes and JSON only if the run fails. The same unit. */
const MAX_PENDING = 4 * 1024 * 1024;
/** Services let links to images expire, many of them after an hour. In ms. */
const LINK_LIFE = 600_000;
/** Under which the node's context, which n8n saves with the execution, holds the answers. */
const FIELD = 'keptAnswers';
/** Part of each hash: raise it when what is kept changes its form. */
const FORM = 1;

/** What a request is told from others by. Its hash costs time: it is computed once it is needed. */
class RequestKey {
	private known: string | undefined;

	/**
	 * @param length of what it holds until then, in UTF-16 code units
	 * @param hasFiles whether it holds files, too, which are too large to wait
	 */
	constructor(
		private parts: () => readonly unknown[],
		readonly length: number,
		hasFiles: boolean,
	) {
		if (hasFiles) this.compute();
	}

	get hash(): string {
		return this.known ?? this.compute();
	}

	private compute(): string {
		this.known = hash('sha256', JSON.stringify(this.parts()), 'base64');
		this.parts = () => [];
		return this.known;
	}
}

/** An answer of this run. */
interface PendingAnswer {
	key: RequestKey;
	answer: Answer;
	size: number;
}

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
	/** In the order in which they came, the oldest first. */
	private readonly pending = new Set<PendingAnswer>();
	private readonly had = new Set<KeptAnswer>();
	private readonly rows: RepeatedRows;
	/** The provider, and the ids of the node's credentials. */
	private readonly account: readonly unknown[];
	private runIndex: unknown;
	private pendingSize = 0;
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
	 * All that makes a request what it is. The credential counts by its id and address, so that a new
	 * key in it, which may be why there is a retry, does not ask everything again.
	 * @param isTied whether the item's place counts, too: the same words may go to another conversation, or
	 * another tenant
	 */
	async keyOf(
		{ content, length, files }: AnswerRequest,
		address: string,
		itemIndex: number,
		isTied: boolean,
	): Promise<RequestKey> {
		const place = isTied ? [(this.runIndex ??= runIndexOf(this.context)), itemIndex] : null;
		const hasFiles = files.length > 0;
		const bytes = hasFiles ? await Promise.all(files.map(hashOf)) : [];
		const parts = () => [FORM, this.account, address, place, content(), bytes];
		return new RequestKey(parts, length, hasFiles);
	}

	/** An answer that is kept or another row's, or what `ask` gets. @throws what `ask` throws */
	async find<Kind extends Answer>(
		key: RequestKey,
		itemIndex: number,
		ask: () => Promise<Kind>,
	): Promise<Found<Kind>> {
		const keptOrNew = async () => {
			const kept = this.takeKept<Kind>(key);
			return { answer: kept ?? (await ask()), isNew: kept === undefined };
		};
		if (this.settings.answerRepeatsOnce !== true) return await keptOrNew();
		return await this.rows.find(key.hash, itemIndex, keptOrNew);
	}

	/** Notes the answer of an item that came out well. Images in the item itself are too large to be kept. */
	note(key: RequestKey, answer: Answer): void {
		if (!this.keeps || answer.images.some(holdsBytes)) return;
		const hasLinks = answer.images.some(({ json }) => typeof json?.['url'] === 'string');
		const dated = hasLinks ? { until: Date.now() + LINK_LIFE, ...answer } : answer;
		const size = key.length + lengthOf(dated);
		this.pending.add({ key, answer: dated, size });
		this.pendingSize += size;
		if (this.pendingSize > MAX_PENDING) this.shrink(MAX_PENDING);
	}

	/** For a run that failed: keeps what it had, and what it did not come to. */
	keep(): void {
		this.shrink(0);
		this.store([...[...this.kept.values()].flat(), ...this.had]);
	}

	/**
	 * For a run that came to its end. Where answers are missing, the others are kept only if n8n may run the node
	 * again in the same execution: it succeeds, and would only carry them along.
	 * @param missing of each item, whether it has no answer
	 */
	settle(missing: readonly boolean[]): void {
		// A run before may have left some.
		if (!this.isUsed) return this.store([]);
		if (this.used > 0) {
			const share = `${this.used} of ${this.itemCount}`;
			showHint(this.context, `${share} answers were kept from the failed run`);
		}
		const { name, retryOnFail } = this.context.getNode();
		// n8n takes the first item for the whole run.
		const isRetried = retryOnFail === true && missing[0] === true;
		const isRepeated = missing.includes(true) && (isRetried || isInLoop(this.context, name));
		if (isRepeated) this.shrink(0);
		this.store(isRepeated ? [...this.had] : []);
	}

	/** Turns the oldest answers into what is kept of them, until the others are no larger than this. */
	private shrink(most: number): void {
		for (const oldest of this.pending) {
			if (this.pendingSize <= most) break;
			this.pending.delete(oldest);
			this.pendingSize -= oldest.size;
			const entry = { key: oldest.key.hash, answer: JSON.stringify(oldest.answer) };
			this.had.add(entry);
			this.size += entry.answer.length;
		}
		for (const oldest of this.had) {
			if (this.size <= MAX_KEPT) break;
			this.had.delete(oldest);
			this.size -= oldest.answer.length;
		}
	}

	private takeKept<Kind extends Answer>(key: RequestKey): Kind | undefined {
		if (this.kept.size === 0) return undefined;
		const entry = this.kept.get(key.hash)?.shift();
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

/** Of what an answer holds besides its texts, about, in UTF-16 code units. */
const FRAME_LENGTH = 500;

function lengthOf(answer: Answer): number {
	let length = FRAME_LENGTH;
	for (const part of Object.values(answer)) if (typeof part === 'string') length += part.length;
	return length;
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
