import type { INodeExecutionData } from 'n8n-workflow';

import type { EngineRun } from '../../dev/engine/index.mts';
import { NODE } from '../engine/support.mts';

/** What came out of a run, apart by how it went. */
export interface Accounts {
	successes: INodeExecutionData[];
	errors: INodeExecutionData[];
}

export type OnError = 'continueErrorOutput' | 'continueRegularOutput';

/** With an error output, failures are alone in it; without, they stand among the successes. */
export function accountsOf(run: EngineRun, onError: OnError): Accounts {
	const first = run.items(NODE, 0);
	if (onError === 'continueErrorOutput') return { successes: first, errors: run.items(NODE, 1) };
	const hasFailed = ({ json }: INodeExecutionData) => json['error'] !== undefined;
	return {
		successes: first.filter((item) => !hasFailed(item)),
		errors: first.filter(hasFailed),
	};
}

/** The input item that an output item came from. */
export function sourceOf({ pairedItem }: INodeExecutionData): number {
	if (typeof pairedItem !== 'object' || Array.isArray(pairedItem)) {
		throw new Error(`No single paired item: ${JSON.stringify(pairedItem)}`);
	}
	return pairedItem.item;
}

/** What a failed item tells of its failure. */
export interface FailureDetails {
	kind: string;
	description: string;
	status?: number | null;
	attempts: number;
}

export function detailsOf({ json }: INodeExecutionData): FailureDetails {
	const details = json['errorDetails'] as unknown as FailureDetails | undefined;
	if (details === undefined) throw new Error(`No details: ${JSON.stringify(json)}`);
	return details;
}

export function errorKind(item: INodeExecutionData): string {
	const { kind, status } = detailsOf(item);
	return typeof status === 'number' && status >= 400 ? `${kind} ${status}` : kind;
}

export function countBy<T>(
	values: readonly T[],
	key: (value: T) => string,
): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const value of values) counts[key(value)] = (counts[key(value)] ?? 0) + 1;
	return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
