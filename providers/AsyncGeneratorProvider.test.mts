import { expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { ProviderModelMixin } from './AsyncGeneratorProvider.ts';

class Base {
	constructor(readonly name: string) {}
}

class Provider extends ProviderModelMixin(Base) {
	readonly defaultModel = 'small';
	readonly models: readonly string[];

	constructor(name: string, models: readonly string[]) {
		super(name);
		this.models = models;
	}
}

const provider = new Provider('service', ['small', 'large']);

test('the base keeps its constructor and its members', () => {
	expect(provider).toBeInstanceOf(Base);
	expect(provider.name).toBe('service');
});

test('the default is used when no model is named', () => {
	expect(provider.getModel()).toBe('small');
	expect(provider.getModel(undefined)).toBe('small');
	expect(provider.getModel('')).toBe('small');
});

test('a model that the provider has is used', () => {
	expect(provider.getModel('large')).toBe('large');
});

test.each(['medium', 'LARGE', ' large', 'constructor'])('%j is refused by name', async (model) => {
	const error = await providerErrorOf(() => provider.getModel(model));
	expect(error.kind).toBe('refused');
	expect(error.retryable).toBe(false);
	expect(error.message).toBe(`There is no model '${model}'`);
	expect(error.details.explanation).toBe('Models: small, large.');
});

test('any model is used where only the service knows its models', () => {
	expect(new Provider('service', []).getModel('whatever')).toBe('whatever');
});
