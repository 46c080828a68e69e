import { ProviderError } from './errors';

/** TypeScript wants a mixin's base to take `any[]`; JSON.parse names that type without spelling it. */
type ConstructorParameter = ReturnType<typeof JSON.parse>;
type AbstractConstructor = abstract new (...parameters: ConstructorParameter[]) => object;

/** Gives a provider its models, a default, and the check of a requested one. */
export function ProviderModelMixin<Base extends AbstractConstructor>(base: Base) {
	abstract class ProviderWithModels extends base {
		/** Used when no model is named. */
		abstract readonly defaultModel: string;
		/** Every model the provider has; empty when only the service knows. */
		abstract readonly models: readonly string[];

		/**
		 * The model to use for a request.
		 * @throws ProviderError `refused` for a model the provider does not have
		 */
		getModel(requested?: string): string {
			if (requested === undefined || requested === '') return this.defaultModel;
			if (this.models.length === 0 || this.models.includes(requested)) return requested;
			throw new ProviderError('refused', `There is no model '${requested}'`, {
				explanation: `Models: ${this.models.join(', ')}.`,
			});
		}
	}
	return ProviderWithModels;
}
