import { expect, test } from 'vitest';

import { providerErrorOf } from '../test/support/failure.mts';
import { MemoryTransport } from '../test/support/memoryTransport.mts';
import { AsyncGeneratorProvider } from './AsyncGeneratorProvider.ts';

class Provider extends AsyncGeneratorProvider {
	readonly url = 'https://a.example';
	readonly apiEndpoint = 'https://a.example/chat';
	readonly working = true;
	readonly supportsMessageHistory = true;

	constructor(
		readonly defaultModel: string,
		readonly models: readonly string[],
	) {
		super(new MemoryTransport([]));
	}

	override async *createAsyncGenerator() {
		yield* [];
	}

	override async listModels() {
		return [...this.models];
	}
}

const provider = new Provider('small', ['small', 'large']);

test.each([undefined, '', '  '])('the default is used when %j is requested', async (requested) => {
	expect(provider.getModel(requested)).toBe('small');
	expect(await provider.resolveModel(requested)).toBe('small');
});

test.each(['large', ' large '])('a model that the provider has is used: %j', async (requested) => {
	expect(provider.getModel(requested)).toBe('large');
	expect(await provider.resolveModel(requested)).toBe('large');
});

test.each(['medium', 'LARGE', 'constructor'])('%j is refused by name', async (model) => {
	const error = await providerErrorOf(() => provider.getModel(model));
	expect(error.kind).toBe('refused');
	expect(error.retryable).toBe(false);
	expect(error.message).toBe(`There is no model '${model}'`);
	expect(error.details.explanation).toBe('Models: small, large.');
});

test('any model is used where only the service knows its models', () => {
	expect(new Provider('', []).getModel('whatever')).toBe('whatever');
});

test('without a default and a request there is no model, and the error says what to do', async () => {
	const error = await providerErrorOf(() => new Provider('', []).getModel(''));
	expect(error).toMatchObject({ kind: 'refused', message: 'No model is chosen' });
	expect(error.details.explanation).toContain("list of 'Model'");
});
