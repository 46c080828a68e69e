import { ProviderError } from '../../providers/errors';
import { adviceFor } from '../shared/advice';
import type { OpenedService } from '../shared/service';
import { amount } from './hints';

/** Where an item is sent. */
export interface Lane {
	service: OpenedService;
	/** The service's address; empty where only a connected model knows it. */
	url: string;
	/** What the user chose as the model; read only where it matters. */
	model: () => string;
}

/** Failures of a service, or of one of its models, since its last success. */
interface Streak {
	count: number;
	/** The one that proved that the others would fail, too. */
	proof?: ProviderError;
}

const ANY_MODEL = '';

/**
 * Failures that every request with the same credential, or for the same model, would meet again: of 10,000
 * items with a wrong key only those under way are sent.
 */
export class FailureStreaks {
	/** Whether any failure was noted. */
	hasBegun = false;
	/** Whether any item would fail. */
	hasBroken = false;
	private readonly byService = new Map<OpenedService, Map<string, Streak>>();

	/** @param limit so many in a row are a proof; 0 for none */
	constructor(private readonly limit: number) {}

	/** @throws ProviderError `limit` when a request there would be in vain */
	check(service: OpenedService, model: () => string): void {
		const streaks = this.byService.get(service);
		if (!this.hasBroken || streaks === undefined) return;
		for (const streak of [streaks.get(ANY_MODEL), streaks.get(model())]) {
			if (streak?.proof !== undefined) throw notSent(streak.proof, streak.count);
		}
	}

	noteSuccess({ service, model }: Lane): void {
		const streaks = this.byService.get(service);
		if (streaks === undefined) return;
		for (const key of [ANY_MODEL, model()]) {
			if (streaks.get(key)?.proof === undefined) streaks.delete(key);
		}
	}

	noteFailure(error: unknown, { service, url, model }: Lane): void {
		if (this.limit === 0 || !(error instanceof ProviderError) || !affectsAll(error)) return;
		const { address = url, reason } = error.details;
		// What is wrong with an image's link elsewhere says nothing about the service.
		if (url !== '' && new URL(address).origin !== new URL(url).origin) return;
		const streaks = this.byService.get(service) ?? new Map<string, Streak>();
		this.byService.set(service, streaks);
		this.hasBegun = true;
		const isOfModel = reason === 'unknownModel' || reason === 'noImage';
		const key = isOfModel ? model() : ANY_MODEL;
		const streak: Streak = streaks.get(key) ?? { count: 0 };
		streaks.set(key, streak);
		if (streak.proof !== undefined) return;
		streak.count++;
		if (!isCertain(error) && streak.count < this.limit) return;
		streak.proof = error;
		this.hasBroken = true;
	}
}

function notSent(proof: ProviderError, count: number): ProviderError {
	const { details, message } = proof;
	const failed = count === 1 ? 'An earlier item' : `${amount(count, 'item')} in a row`;
	const explanation = `${failed} failed for a reason that affects every item. ${details.explanation ?? adviceFor(proof)}`;
	const rest = { ...details };
	delete rest.requestId;
	delete rest.partialText;
	const kept = { ...rest, explanation, retryable: false };
	return new ProviderError('limit', `Not sent: ${message}`, kept);
}

/** A server that is down fails every item, too, though it may soon be up again. */
function affectsAll({ isForEveryItem, kind }: ProviderError): boolean {
	return isForEveryItem || kind === 'network';
}

/** One is enough. A firewall answers 403 to some prompts, a server 404 for edits alone, a gateway 401 for one model. */
function isCertain({ details: { isOfFallback, reason, status } }: ProviderError): boolean {
	const isKey = reason === 'wrongKey' && status === 401 && isOfFallback !== true;
	return isKey || reason === 'noCredit';
}
