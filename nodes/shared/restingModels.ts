import type { ProviderError } from '../../providers/errors';
import { now } from '../../transport/signals';

/** So many items in a row make a model rest. */
const FAILURES = 3;
/** How long it rests, in ms. */
const REST = 60_000;

/** Models of a service that failed item after item: for a while, others are asked before them. */
export class RestingModels {
	private readonly byModel = new Map<
		string,
		{ count: number; until: number; error: ProviderError }
	>();

	noteSuccess(model: string): void {
		this.byModel.delete(model);
	}

	/** A long conversation is no failing of the model: the next item may be short. */
	noteFailure(model: string, error: ProviderError): void {
		if (error.details.reason === 'contextTooLong') return;
		const count = (this.byModel.get(model)?.count ?? 0) + 1;
		this.byModel.set(model, { count, until: count < FAILURES ? 0 : now() + REST, error });
	}

	/** Why a model rests; undefined where it does not. */
	reason(model: string): ProviderError | undefined {
		const known = this.byModel.get(model);
		return known !== undefined && known.until > now() ? known.error : undefined;
	}
}
