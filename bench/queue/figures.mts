/** What one execution costs each part, in ms of CPU time. */
export interface Cpu {
	main: number;
	/** All workers together. */
	workers: number;
	postgres: number;
	redis: number;
}

/** What a number of executions took that were started as fast as n8n takes them. */
export interface Batch {
	executions: number;
	/** From the first start to the last end. */
	perSecond: number;
	/** Mean time that a worker had an execution, in ms. */
	runMilliseconds: number;
	/** For each execution. */
	cpu: Cpu;
	/** By how much the database grew, for each execution. */
	databaseBytes: number;
}

/** Resident memory of a process, in bytes. */
export interface Memory {
	what: string;
	/** After its start, before the load. */
	idle: number;
	/** The most during the load; absent where it was only looked at. */
	peak?: number;
}

/** Rounds of the same load. */
export interface Throughput {
	workers: number;
	concurrency: number;
	/** Before the service begins to answer, in seconds. */
	latency: number;
	rounds: Batch[];
}

/** Webhooks that came all at once. */
export interface Burst {
	/** How long n8n waits for its database, in seconds. */
	patience: number;
	sent: number;
	/** Those that n8n made executions of. */
	taken: number;
}

export interface QueueFigures {
	n8nVersion: string;
	/** Of PostgreSQL and Redis. */
	versions: Record<string, string>;
	/** Mean number of processes that wanted to run in the minute before: at the start, at the end. */
	load: [number, number];
	throughput: Throughput[];
	/** One worker, no latency: nothing but a webhook, and Chat. */
	nothing: Batch[];
	chat: Batch[];
	/** Until the webhook has answered and until the execution has ended, one at a time, in ms. */
	alone: { answer: number; end: number };
	/** For each fragment that is streamed through a webhook. */
	fragment: Cpu;
	/** One in each execution: their mean size, and what the database has for each of them. */
	image: { bytes: number; stored: number };
	memory: Memory[];
	bursts: Burst[];
	/** Connections that each process holds under load. */
	connections: { postgres: number; redis: number };
}
