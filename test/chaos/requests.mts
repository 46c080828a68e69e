import type { RecordedRequest } from '../../dev/service/index.mts';

/** Milliseconds between the arrivals of requests, in their order. */
export function gaps(requests: readonly RecordedRequest[]): number[] {
	const starts = requests.map(({ startedAt }) => startedAt);
	return starts.slice(1).map((start, index) => start - (starts[index] ?? start));
}

/** The prompt that a request of either protocol's chat carried. */
export function promptOf({ body }: RecordedRequest): string {
	const { messagesHistory, messages } = body as Record<string, Array<{ content: string }>>;
	return (messagesHistory ?? messages ?? []).at(-1)?.content ?? '';
}
