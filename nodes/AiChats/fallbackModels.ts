import type { IDataObject } from 'n8n-workflow';

import { ProviderError } from '../../providers/errors';
import type { ModelKind } from '../../providers/types';
import { adviceFor } from '../shared/advice';
import { readModel } from '../shared/model';
import type { FieldOf } from '../shared/options';
import type { ProviderEntry } from '../shared/providers';
import type { RestingModels } from '../shared/restingModels';
import type { ItemRun } from './ItemRun';
import { failureText } from './operations/storeImages';

interface FallbackFields {
	fallbackModels?: string[];
}

const fallbackModelsProperty: FieldOf<FallbackFields> = {
	displayName: 'Fallback Models',
	name: 'fallbackModels',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Model', sortable: true },
	default: [],
	placeholder: 'e.g. gpt-6-luna',
	description: 'Models to ask in this order if the chosen one cannot answer',
};

export function fallbackProperties({ hasOtherModels }: ProviderEntry) {
	return hasOtherModels ? [fallbackModelsProperty] : [];
}

/** The models of an item as its fields name them; the first is empty where only the server knows. */
export function chosenModels(run: ItemRun, kind: ModelKind): readonly string[] {
	return (run.chosenModels ??= readModels(run, kind));
}

function readModels(run: ItemRun, kind: ModelKind): string[] {
	const { fallbackModels = [] } = run.options<FallbackFields>();
	const fallbacks = fallbackModels.map((name) => name.trim()).filter((name) => name !== '');
	return [readModel(run, run.providerName, kind), ...fallbacks];
}

interface Failed {
	model: string;
	error: ProviderError;
}

/**
 * The models that may answer an item: the chosen one, then its fallbacks. Each is asked with all its retries,
 * and only as long as nothing of an answer has arrived; once one has answered, it stays with the item.
 */
export class ModelChain {
	/** The model that answered, or that was asked last. */
	model: string;
	/** What the item says about the models that were passed over; an agent reads only the answer. */
	details: IDataObject = {};
	private hasAnswered = false;
	private readonly failed: Failed[] = [];

	private constructor(
		private readonly run: ItemRun,
		private readonly models: readonly [string, ...string[]],
		private readonly resting: RestingModels,
	) {
		[this.model] = models;
	}

	/** @throws ProviderError where no model is chosen and the server does not have exactly one */
	static async open(run: ItemRun, kind: ModelKind): Promise<ModelChain> {
		const provider = await run.provider();
		const [chosen, ...fallbacks] = chosenModels(run, kind);
		const first = await provider.resolveModel(chosen, run.signal);
		const others = new Set(fallbacks);
		others.delete(first);
		return new ModelChain(run, [first, ...others], await run.restingModels());
	}

	/**
	 * With nothing to fall back to, the request's own promise is handed on.
	 * @param request sends the item's request to a model
	 * @param hasBegun whether something of an answer has arrived that its error does not tell of
	 * @throws when none could answer, what any model would meet, such as a wrong key, otherwise what the first
	 * threw; with a line about the others
	 */
	ask<Answer>(
		request: (model: string) => Promise<Answer>,
		hasBegun: () => boolean = () => false,
	): Promise<Answer> {
		const isSettled = this.hasAnswered || this.models.length === 1;
		return isSettled ? request(this.model) : this.askInOrder(request, hasBegun);
	}

	private async askInOrder<Answer>(
		request: (model: string) => Promise<Answer>,
		hasBegun: () => boolean,
	): Promise<Answer> {
		for (const model of this.inOrder()) {
			this.model = model;
			const outcome = await request(model).then(
				(answer) => ({ answer }),
				(error: unknown) => ({ error }),
			);
			if ('answer' in outcome) {
				this.noteAnswer();
				return outcome.answer;
			}
			const { error } = outcome;
			if (!this.isFailedModel(error) || hasBegun()) throw error;
			this.failed.push({ model, error });
			if (!mayBeCured(error)) break;
			this.resting.noteFailure(model, error);
		}
		throw this.failure();
	}

	/** Those that rest are asked last. */
	private inOrder(): string[] {
		const rests = (model: string) => this.resting.reason(model) !== undefined;
		return [...this.models.filter((model) => !rests(model)), ...this.models.filter(rests)];
	}

	private noteAnswer(): void {
		const { failed, model, models, resting, run } = this;
		this.hasAnswered = true;
		resting.noteSuccess(model);
		for (const other of models.slice(0, models.indexOf(model))) {
			const error = resting.reason(other);
			const isListed = failed.some((entry) => entry.model === other);
			if (error !== undefined && !isListed) failed.push({ model: other, error });
		}
		if (failed.length === 0) return;
		if (!run.isTool) {
			const fallbackFrom = failed.map((entry) => ({
				model: entry.model,
				error: failureText(run, entry.error),
			}));
			this.details = { fallbackFrom };
		}
		run.hint(`The fallback model '${model}' answered in place of ${listed(failed)}`);
	}

	/** Text that has arrived, or that only the service rejects, is an answer; Stop and mistakes in fields are no failure of a model. */
	private isFailedModel(error: unknown): error is ProviderError {
		if (!(error instanceof ProviderError) || this.run.signal.aborted) return false;
		const { failedGeneration, partialText = '' } = error.details;
		if (failedGeneration === undefined) return partialText === '';
		this.noteAnswer();
		return false;
	}

	private failure(): ProviderError {
		const { failed } = this;
		const first = failed.find(({ model }) => model === this.models[0]);
		const rejected = failed.find((entry) => rejectsCaller(entry.error));
		const { error } = rejected ?? first ?? (failed[0] as Failed);
		const isOfFallback = error !== first?.error;
		const others = failed.filter((entry) => entry.error !== error);
		if (others.length === 0) return error.with({ isOfFallback });
		const { reason, explanation = adviceFor(error) } = error.details;
		// Another item may find the others up again.
		const isCommon = rejected !== undefined || failed.every((entry) => entry.error.isForEveryItem);
		return error.with({
			reason: isCommon ? reason : undefined,
			isOfFallback,
			explanation: `${explanation} The other models failed, too: ${listed(others)}.`,
		});
	}
}

function listed(failed: readonly Failed[]): string {
	return failed.map(({ model, error }) => `'${model}' (${error.message})`).join(', ');
}

/** Whether whoever asks is rejected, not the request. Status 403, or a lack of credit, may concern one model only. */
function rejectsCaller({ kind, details: { reason, status } }: ProviderError): boolean {
	return kind === 'blocked' || (reason === 'wrongKey' && status !== 403);
}

/** Whether another model may answer what this one could not. The key, the account and the request stay the same. */
function mayBeCured({ details: { reason }, mayPass }: ProviderError): boolean {
	return mayPass || reason === 'unknownModel' || reason === 'contextTooLong';
}
