import type { IDataObject, INodeParameters, NodeApiError } from 'n8n-workflow';

import { type Bench, type BenchRunOptions, NODE } from './support.mts';

/** How an item failed: as the item that goes on, with what n8n shows of it. */
export interface Failure {
	/** The item's `error`: the short message. */
	message: string;
	/** The item's `errorDetails`. */
	details: IDataObject & { kind: string; description: string; attempts: number };
	/** All of it, for looking for what must not be there. */
	written: string;
}

/** Runs a node whose single item fails, and goes on after the error. */
export async function failureOf(
	bench: Bench,
	parameters: INodeParameters,
	{ items, ...options }: BenchRunOptions & { items?: Parameters<Bench['run']>[1] } = {},
): Promise<Failure> {
	const run = await bench.run(parameters, items, {
		onError: 'continueRegularOutput',
		...options,
	});
	const [item, ...others] = run.items(NODE);
	const { error: message, errorDetails: details } = item?.json ?? {};
	if (typeof message !== 'string' || others.length > 0) {
		throw new Error(`The item should have failed, but is ${JSON.stringify(run.items(NODE))}`);
	}
	const written = JSON.stringify([item, run.run.data]);
	return { message, details, written } as Failure;
}

/** Runs a node that is to stop the workflow, and gives the error it stopped with. */
export async function stoppingErrorOf(
	bench: Bench,
	parameters: INodeParameters,
	items?: Parameters<Bench['run']>[1],
): Promise<NodeApiError> {
	const run = await bench.run(parameters, items);
	if (run.status !== 'error') throw new Error(`The run should have failed, but is ${run.status}`);
	return run.error as NodeApiError;
}
