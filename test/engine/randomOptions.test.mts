import fc from 'fast-check';
import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { limitProperties } from '../../nodes/AiChats/limits.ts';
import { type OperationName, operations } from '../../nodes/AiChats/operations/index.ts';
import { SERVICE_NAMES, serviceEntry, type ServiceName } from '../../nodes/shared/providers.ts';
import { chat, image, openAiChat, openAiImage } from './parameters.mts';
import { NODE } from './support.mts';
import { useBench } from './useBench.mts';

/** What expressions return when they are careless: values of every type, usable ones among them. */
const VALUES = fc.constantFrom<NodeParameterValueType>(
	...[
		'={{ NaN }}',
		'={{ Infinity }}',
		'={{ -Infinity }}',
		'={{ 1e400 }}',
		'={{ -1 }}',
		'={{ 1e9 }}',
	],
	...[
		'={{ undefined }}',
		'={{ null }}',
		'={{ "" }}',
		'={{ "abc" }}',
		'={{ " " }}',
		'={{ $json.no }}',
	],
	...['={{ ({}) }}', '={{ [] }}', '={{ [3] }}', '={{ ({ a: { b: [] } }) }}', '={{ $now }}'],
	...[
		'={{ true }}',
		'={{ false }}',
		'={{ "true" }}',
		'={{ 3 }}',
		'={{ "3" }}',
		'={{ 0.5 }}',
		'={{ 0 }}',
	],
	...['={{ 2 ** 53 }}', '={{ Number($json.text) }}', '={{ /a/ }}', '={{ "x".repeat(100000) }}'],
	...[NaN, Infinity, -1, 1e21, '', 'text', true],
	...[{} as INodeParameters, { a: 1 } as INodeParameters, [] as string[], ['a', 'b']],
);

const PARAMETERS: Record<OperationName, Record<ServiceName, typeof chat>> = {
	chat: { aiChats: chat, openAiCompatible: openAiChat },
	image: { aiChats: image, openAiCompatible: openAiImage },
};

const ITEMS = ['kite', 'boat', 'tree'].map((text) => ({ json: { text } }));
const MAX_MS = 5000;

describe.each(
	SERVICE_NAMES.flatMap((provider) =>
		(Object.keys(operations) as OperationName[]).map((operation) => ({ provider, operation })),
	),
)('With any options, $operation of $provider', ({ provider, operation }) => {
	const bench = useBench();
	const names = operations[operation]
		.optionsOf(serviceEntry(provider))
		.map(({ name }) => name)
		// Three items at one a minute take two minutes, rightly.
		.filter((name) => name !== 'requestsPerMinute');
	const parameters = PARAMETERS[operation][provider];

	async function outcome(
		prompt: string,
		options: Record<string, NodeParameterValueType>,
		limits: Record<string, NodeParameterValueType> = {},
	) {
		bench().service.reset();
		const startedAt = performance.now();
		const asked = parameters(prompt, {
			options: options as INodeParameters,
			limits: limits as INodeParameters,
		});
		const run = await bench().run(asked, ITEMS, { onError: 'continueRegularOutput' });
		expect(performance.now() - startedAt).toBeLessThan(MAX_MS);
		expect(run.status).toBe('success');
		const origins = run.items(NODE).map(({ pairedItem }) => (pairedItem as { item: number }).item);
		expect([...new Set(origins)]).toEqual([0, 1, 2]);
		return run.items(NODE);
	}

	it('returns every item, in order, and in time', async () => {
		const options = fc.dictionary(fc.constantFrom(...names), VALUES, { minKeys: 1, maxKeys: 3 });
		await fc.assert(
			fc.asyncProperty(options, async (chosen) => {
				await outcome('=a {{ $json.text }}', chosen);
			}),
			{ numRuns: 60 },
		);
	});

	it('names the option that cannot be used, or works with it', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...names), VALUES, async (name, value) => {
				const definition = operations[operation]
					.optionsOf(serviceEntry(provider))
					.find((option) => option.name === name)!;
				if (definition.type !== 'number') return;
				for (const { json } of await outcome('a kite', { [name]: value })) {
					if ('error' in json) expect(json['error']).toContain(`'${definition.displayName}'`);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it('returns every item with any limits, or names the limit that cannot be used', async () => {
		const limit = fc.constantFrom(...limitProperties);
		await fc.assert(
			fc.asyncProperty(limit, limit, VALUES, async (chosen, other, value) => {
				const limits = { [other.name]: '={{ 5 }}', [chosen.name]: value };
				for (const { json } of await outcome('a kite', {}, limits)) {
					if (!('error' in json)) continue;
					const isReached = String(json['error']).startsWith('Not sent: ');
					if (!isReached) expect(json['error']).toContain(`'${chosen.displayName}'`);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it('ends its retries, whatever their number', async () => {
		const fast = { maxRetryDelay: 0.01 };
		await fc.assert(
			fc.asyncProperty(VALUES, async (maxRetries) => {
				await outcome('a kite [[status code=503]]', { ...fast, maxRetries });
				expect(bench().service.requests.length).toBeLessThanOrEqual(ITEMS.length * 11);
			}),
			{ numRuns: 30 },
		);
	});
});
