import type { IExecuteFunctions } from 'n8n-workflow';

/** Distinct texts shown of one run; a service can make every item's text a different one. */
const MAX_TEXTS = 10;
/** In UTF-16 code units. */
const MAX_TEXT_LENGTH = 300;

/** Remarks about items that came out well but not as requested, collected while the run goes on. */
export class RunHints {
	private readonly itemsByText = new Map<string, Set<number>>();
	/** Items whose remark was one text too many. */
	private readonly omitted = new Set<number>();

	/** @param text a sentence without its period; may be said of the same item more than once */
	add(text: string, itemIndex: number): void {
		const known = this.itemsByText.get(text);
		if (known !== undefined) known.add(itemIndex);
		else if (this.itemsByText.size >= MAX_TEXTS) this.omitted.add(itemIndex);
		else this.itemsByText.set(text, new Set([itemIndex]));
	}

	/** Each distinct text once, with the number of its items. */
	messages(total: number, redact: (text: string) => string): string[] {
		const about = (items: Set<number>) =>
			total === 1 ? '' : ` (${items.size} of ${amount(total, 'item')})`;
		const messages = Array.from(
			this.itemsByText,
			([text, items]) => redact(text).slice(0, MAX_TEXT_LENGTH) + about(items),
		);
		return this.omitted.size === 0
			? messages
			: [...messages, `Further hints are not shown${about(this.omitted)}`];
	}
}

/** How one item went. */
interface Outcome {
	readonly failed: boolean;
	/** Requests that were sent again. */
	readonly retries: number;
}

/** Shows above the output what did not go smoothly. */
export function showHints(
	context: IExecuteFunctions,
	outcomes: readonly Outcome[],
	remarks: readonly string[],
): void {
	const failed = outcomes.filter((outcome) => outcome.failed).length;
	const retried = outcomes.filter(({ retries }) => retries > 0);
	const retries = retried.reduce((sum, outcome) => sum + outcome.retries, 0);
	const items = amount(outcomes.length, 'item');
	if (retries > 0) {
		const retriedItems = `${retried.length} of ${items}`;
		showHint(context, `Retried ${amount(retries, 'request')} for ${retriedItems}`);
	}
	for (const remark of remarks) showHint(context, remark, 'warning');
	if (failed > 0) showHint(context, `${failed} of ${items} failed`, 'warning');
}

/** Shows a sentence above the output. */
export function showHint(
	context: IExecuteFunctions,
	message: string,
	type: 'info' | 'warning' = 'info',
): void {
	context.addExecutionHints({ message, type, location: 'outputPane' });
}

/** e.g. `1 item`, `12,345 tokens` */
export function amount(count: number, noun: string): string {
	return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${count === 1 ? '' : 's'}`;
}
