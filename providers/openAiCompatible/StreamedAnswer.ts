import type { ProviderChunk } from '../chunks';
import { type JsonObject, parseJson } from '../decode/json';
import { ProviderError } from '../errors';
import type { Transport, TransportResponse } from '../Transport';
import { brokenJson, failIfDeclined, successful } from './answerErrors';
import { completionChunks, refusalText } from './completion';
import { ToolCallIds } from './ToolCallIds';

const END_MARK = '[DONE]';

/** A streamed answer, event by event. */
export class StreamedAnswer {
	/** Whether the service has said that nothing follows. */
	isOver = false;
	private readonly ids = new ToolCallIds();
	private broken: string | undefined;
	private refusal = '';
	private finished = false;

	constructor(
		private readonly response: TransportResponse,
		private readonly transport: Transport,
	) {}

	/** What an event's data says. @throws ProviderError */
	*read(data: string): Generator<ProviderChunk> {
		const completion = this.completion(data);
		if (completion === undefined) return;
		this.refusal += refusalText(completion);
		for (const chunk of completionChunks(completion, this.ids)) {
			this.finished ||= chunk.type === 'finish';
			yield chunk;
		}
	}

	/** @throws ProviderError `refused` when the model declines, `truncated` when the answer broke off */
	finish(): void {
		failIfDeclined(this.refusal);
		if (this.finished || this.isOver) return;
		throw new ProviderError('truncated', 'The answer broke off', { retryable: true });
	}

	private completion(data: string): JsonObject | undefined {
		const word = data.trim();
		// Some servers send events with empty data to keep the connection open.
		if (word === '' || this.isOver) return undefined;
		// Broken JSON with more behind it is a fault of the service; at the end it is a cut stream.
		if (this.broken !== undefined) throw brokenJson(this.response, this.broken, this.transport);
		if (word === END_MARK) {
			this.isOver = true;
			return undefined;
		}
		const parsed = parseJson(data);
		if (parsed.ok) return successful(parsed.value, data, this.response, this.transport);
		this.broken = data;
		return undefined;
	}
}
