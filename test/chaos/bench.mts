import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach } from 'vitest';

import { model } from '../engine/parameters.mts';
import { type Bench, type BenchOptions, openBench } from '../engine/support.mts';

/** A bench for the tests of a file; what the service recorded is forgotten between them. */
export function sharedBench(options: BenchOptions = {}): () => Bench {
	let bench: Bench | undefined;
	const get = () => {
		if (bench === undefined) throw new Error('The bench is not open yet');
		return bench;
	};
	beforeAll(async () => {
		bench = await openBench(options);
	});
	beforeEach(() => get().service.reset());
	afterAll(async () => await bench?.close());
	return get;
}

/** The operation's parameters, with the prompt of each item. */
export function asking(
	operation: 'chat' | 'image',
	options: INodeParameters = {},
	more: INodeParameters = {},
): INodeParameters {
	const models = { chat: 'gpt-4o-mini', image: 'gpt-image-1' };
	return {
		operation,
		prompt: '={{ $json.prompt }}',
		options,
		// This provider has no default model.
		...(more['provider'] === 'openAiCompatible' ? model(models[operation]) : {}),
		...more,
	};
}

export function itemsOf(prompts: readonly string[]) {
	return prompts.map((prompt) => ({ json: { prompt } }));
}
