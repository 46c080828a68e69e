import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import type { ByteSource, Usage } from '../../providers/types';

/** What is asked. Two that are equal get the same answer. */
export interface AnswerRequest {
	/** All that goes to the service but files and secrets, as JSON can say it. Read only if it is compared. */
	content: () => unknown;
	/** Of the prompt and what goes with it, in UTF-16 code units. */
	length: number;
	/** Base64 and URLs as they are. */
	files: ReadonlyArray<string | ByteSource>;
}

/** An answer as JSON can hold it. */
export interface Answer {
	images: ReadonlyArray<{ binary?: Record<string, IBinaryData>; json?: IDataObject }>;
	/** Until when a kept one is given out, where its images are links, in ms since the epoch. */
	until?: number;
	usage?: Usage;
}

export interface Found<Kind extends Answer> {
	answer: Kind;
	/** Whether the service was asked for this item. */
	isNew: boolean;
	/** The item that has the answer and its usage, in the same run. */
	repeatOf?: number;
}

/** An answer that items with equal requests share. */
interface SharedAnswer {
	found: Promise<Found<Answer>>;
	/** Whose it is: the first one's. */
	itemIndex: number;
	/** Whether it has come out with an item. */
	isOver: boolean;
	/** Whether the request has failed for another item before. */
	isSecond: boolean;
}

/** The items of a run whose requests are equal: one of them is sent. */
export class RepeatedRows {
	private readonly byKey = new Map<string, SharedAnswer>();

	/** @param goesOn whether the run goes on after failed items */
	constructor(private readonly goesOn: () => boolean) {}

	/** The answer to equal requests, or what `ask` gets, once more after a failure that may pass. @throws what `ask` throws */
	async find<Kind extends Answer>(
		key: string,
		itemIndex: number,
		ask: () => Promise<Found<Kind>>,
	): Promise<Found<Kind>> {
		const known = this.byKey.get(key);
		if (known !== undefined) {
			// Their files are read in any order.
			if (!known.isOver && itemIndex < known.itemIndex) known.itemIndex = itemIndex;
			if (!(await this.mayAskAgain(known))) return await share(known, itemIndex, false);
			if (this.byKey.get(key) !== known) return await this.find(key, itemIndex, ask);
		}
		const found = ask();
		const shared = { found, itemIndex, isOver: false, isSecond: known !== undefined };
		this.byKey.set(key, shared);
		return await share(shared, itemIndex, true);
	}

	private async mayAskAgain({ found, isSecond }: SharedAnswer): Promise<boolean> {
		if (isSecond || !this.goesOn()) return false;
		return await found.then(
			() => false,
			(error: unknown) => error instanceof ProviderError && error.mayPass,
		);
	}
}

/** No item may change another one's data, and what it cost is with the first. */
async function share<Kind extends Answer>(
	shared: SharedAnswer,
	itemIndex: number,
	hasAsked: boolean,
): Promise<Found<Kind>> {
	const found = (await shared.found) as Found<Kind>;
	shared.isOver = true;
	const isNew = hasAsked && found.isNew;
	if (shared.itemIndex === itemIndex) return { answer: found.answer, isNew };
	const answer = structuredClone(found.answer);
	delete answer.usage;
	return { answer, isNew, repeatOf: shared.itemIndex };
}
