import { N8nProcess, type N8nProcessOptions } from '../N8nProcess.mts';

const STARTED = /Worker started execution (\d+) /g;
const FINISHED = /Worker finished execution (\d+) /g;

/** A process that takes executions from the queue, and whose log tells which. */
export class QueueWorker {
	private constructor(readonly process: N8nProcess) {}

	static async start(options: Omit<N8nProcessOptions, 'command'>, concurrency: number) {
		const process = await N8nProcess.start({
			...options,
			command: ['worker', `--concurrency=${concurrency}`],
			environment: {
				...options.environment,
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			},
		});
		return new QueueWorker(process);
	}

	/** Ids of the executions that it has taken. */
	async started(): Promise<string[]> {
		return await this.logged(STARTED);
	}

	/** Ids of those that it has brought to their end. */
	async finished(): Promise<string[]> {
		return await this.logged(FINISHED);
	}

	private async logged(pattern: RegExp): Promise<string[]> {
		return [...(await this.process.log()).matchAll(pattern)].map(([, id]) => id as string);
	}
}
