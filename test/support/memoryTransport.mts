import type { Transport, TransportRequest, TransportResponse } from '../../providers/Transport.ts';
import { bytesOf } from './splits.mts';

/** One scripted answer: an error instead of an answer, or a head and the chunks of its body. */
export interface MemoryAnswer {
	status?: number;
	headers?: Record<string, string>;
	/** An error breaks the body off where it stands. */
	chunks?: ReadonlyArray<string | Uint8Array | Error>;
}

/** How an answer was treated. */
export interface AnswerRecord {
	closed: boolean;
	/** Its body was read to its end, left early or broke off. */
	bodyEnded: boolean;
	chunksTaken: number;
}

/** A Transport without a network: records requests and gives scripted answers in order. */
export class MemoryTransport implements Transport {
	readonly requests: TransportRequest[] = [];
	readonly answers: AnswerRecord[] = [];
	private readonly queue: Array<MemoryAnswer | Error>;

	constructor(answers: ReadonlyArray<MemoryAnswer | Error>) {
		this.queue = [...answers];
	}

	async send(request: TransportRequest): Promise<TransportResponse> {
		this.requests.push(request);
		const answer = this.queue.shift();
		if (answer === undefined) throw new Error(`No answer is scripted for ${request.url}`);
		if (answer instanceof Error) throw answer;
		const record: AnswerRecord = { closed: false, bodyEnded: false, chunksTaken: 0 };
		this.answers.push(record);
		return {
			status: answer.status ?? 200,
			headers: answer.headers ?? {},
			body: readBody(answer.chunks ?? [], record),
			close: () => {
				record.closed = true;
			},
		};
	}

	/** Whether every answer was read to its end, left early or closed. */
	get letGoOfAll(): boolean {
		return this.answers.every(({ closed, bodyEnded }) => closed || bodyEnded);
	}
}

async function* readBody(
	chunks: ReadonlyArray<string | Uint8Array | Error>,
	record: AnswerRecord,
): AsyncGenerator<Uint8Array> {
	try {
		for (const chunk of chunks) {
			if (chunk instanceof Error) throw chunk;
			record.chunksTaken += 1;
			yield typeof chunk === 'string' ? bytesOf(chunk) : chunk;
		}
	} finally {
		record.bodyEnded = true;
	}
}

/** An event stream of these lines, each as a separate chunk. */
export function eventStream(...lines: Array<string | Error>): MemoryAnswer {
	return {
		headers: { 'content-type': 'text/event-stream' },
		chunks: lines.map((line) => (line instanceof Error ? line : `${line}\n\n`)),
	};
}

/** A JSON answer. */
export function json(value: unknown, status = 200): MemoryAnswer {
	return {
		status,
		headers: { 'content-type': 'application/json' },
		chunks: [typeof value === 'string' ? value : JSON.stringify(value)],
	};
}

/** A web page. */
export function page(html: string, status = 200): MemoryAnswer {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, chunks: [html] };
}
