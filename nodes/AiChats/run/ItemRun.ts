import type { IExecuteFunctions, IGetNodeParameterOptions } from 'n8n-workflow';

import type { OpenedProvider, Provider, ProviderName } from '../../shared/openProvider';
import type { SharedRun } from './SharedRun';

/** One item on its way through an operation. */
export class ItemRun {
	failed = false;
	/** Whether fragments of the answer were passed on, and more are to come. */
	streaming = false;
	private opened: OpenedProvider | undefined;
	private optionFields: object | undefined;

	constructor(
		readonly context: IExecuteFunctions,
		readonly itemIndex: number,
		private readonly shared: SharedRun,
	) {}

	/** Fires when the run stops. */
	get signal(): AbortSignal {
		return this.shared.signal;
	}

	/** Whether an AI Agent calls the node. n8n names a node's tool after the node. */
	get isTool(): boolean {
		return this.shared.isTool;
	}

	get hasMemory(): boolean {
		return this.shared.hasMemory;
	}

	get providerName(): ProviderName {
		return this.shared.providerName;
	}

	/** How many requests were sent for this item, retries included. */
	get attempts(): number {
		return this.opened?.traffic.attempts ?? 0;
	}

	get retries(): number {
		return this.opened?.traffic.retries ?? 0;
	}

	/** A node parameter's value for this item, expressions resolved. */
	parameter<T>(name: string, fallback?: T, options?: IGetNodeParameterOptions): T {
		return this.context.getNodeParameter(name, this.itemIndex, fallback, options) as T;
	}

	/** The fields of 'Options' that the user added, read once. */
	options<Fields extends object>(): Fields {
		return (this.optionFields ??= this.parameter<object>('options', {})) as Fields;
	}

	/** The provider for this item. @throws ProviderError for a credential that cannot work */
	async provider(): Promise<Provider> {
		this.opened ??= (await this.shared.open()).provider();
		return this.opened.provider;
	}
}
