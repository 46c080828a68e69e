import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { writtenUrl } from '../../credentials/services';
import type { Provider } from '../../providers/AsyncGeneratorProvider';
import { N8nTransport, type RequestContext } from '../../transport/N8nTransport';
import { Pace } from '../../transport/Pace';
import { redactor } from '../../transport/redact';
import { RetryingTransport } from '../../transport/RetryingTransport';
import { secretFieldNames } from '../../transport/secrets';
import { TimedTransport } from '../../transport/TimedTransport';
import type { NetworkSettings } from './network';
import { credentialType, serviceEntry, type ServiceName } from './providers';
import { RestingModels } from './restingModels';

/** A provider for one item, and what it sent. */
export interface OpenedProvider {
	provider: Provider;
	traffic: { readonly attempts: number; readonly retries: number };
}

/** A service that a credential leads to. */
export interface OpenedService {
	/** The base URL as the credential has it, or what tells connected models apart. */
	readonly address: string;
	/** A provider that counts its requests for itself; all go through one gate. */
	provider(): OpenedProvider;
	/** Takes the credential's secrets out of a text. */
	redact: (text: string) => string;
	readonly resting: RestingModels;
}

/**
 * The service that a node's credential leads to, its expressions resolved for an item. Where there are
 * no items, n8n ignores the index.
 * @throws ProviderError `refused` for a credential that cannot work
 */
export async function openService(
	context: RequestContext,
	name: ServiceName,
	network: NetworkSettings,
	itemIndex = 0,
): Promise<OpenedService> {
	const credential = await context.getCredentials(credentialType(name), itemIndex);
	return serviceOf(context, name, network, credential);
}

function serviceOf(
	context: RequestContext,
	name: ServiceName,
	{ limits, retry }: NetworkSettings,
	credential: ICredentialDataDecryptedObject,
): OpenedService {
	const transport = new N8nTransport(context, credentialType(name), credential);
	const timed = new TimedTransport(transport, limits);
	const pace = new Pace();
	const address = writtenUrl(credential);
	const connected = serviceEntry(name).connect(address);
	const provider = (): OpenedProvider => {
		const traffic = new RetryingTransport(timed, retry, pace);
		return { provider: connected(traffic), traffic };
	};
	const { properties } = new (serviceEntry(name).credential)();
	return {
		address,
		provider,
		redact: redactor(credential, secretFieldNames(properties)),
		resting: new RestingModels(),
	};
}

/**
 * The services of a run. A credential may hold expressions, such as `{{ $json.tenantKey }}`: then it is
 * read for each item, and items with the same content share a service. Otherwise it is read once: each
 * time n8n fetches it from its database, decrypts it and resolves it.
 */
export class RunServices {
	/** Whether items may have services of their own; known once one is open. */
	mayDiffer = false;
	/** The one service of all items, once it is open. */
	opened: OpenedService | undefined;
	private readonly byContent = new Map<string, OpenedService>();
	/** The one service of all items, or undefined where they may differ. */
	private readonly common: Promise<OpenedService | undefined>;

	/** Starts to read at once: n8n fetches the credential while the first items' parameters are read. */
	constructor(
		private readonly context: RequestContext,
		private readonly name: ServiceName,
		private readonly network: NetworkSettings,
		itemCount: number,
	) {
		this.common = itemCount > 1 ? this.openCommon() : this.openFor(0);
		// Every item that awaits it gets the failure.
		this.common.catch(() => undefined);
	}

	/** @throws ProviderError `refused` for a credential that cannot work */
	async open(itemIndex: number): Promise<OpenedService> {
		this.opened ??= await this.common;
		this.mayDiffer = this.opened === undefined;
		return this.opened ?? (await this.openFor(itemIndex));
	}

	/** Takes the secrets of every credential that was read out of a text. */
	redact(text: string): string {
		return [...this.byContent.values()].reduce((rest, { redact }) => redact(rest), text);
	}

	private async openFor(itemIndex: number): Promise<OpenedService> {
		return this.serviceFor(await this.read(itemIndex));
	}

	private async openCommon(): Promise<OpenedService | undefined> {
		const probe = new IndexProbe();
		const [first, probed] = await Promise.allSettled([this.read(0), this.read(probe.index)]);
		// Items read it for themselves then, each with its own error.
		if (probe.isUsed || probed.status === 'rejected' || first.status === 'rejected')
			return undefined;
		const isSame = contentOf(first.value) === contentOf(probed.value);
		return isSame ? this.serviceFor(first.value) : undefined;
	}

	private async read(itemIndex: number): Promise<ICredentialDataDecryptedObject> {
		return await this.context.getCredentials(credentialType(this.name), itemIndex);
	}

	private serviceFor(credential: ICredentialDataDecryptedObject): OpenedService {
		const content = contentOf(credential);
		const known = this.byContent.get(content);
		if (known !== undefined) return known;
		const service = serviceOf(this.context, this.name, this.network, credential);
		this.byContent.set(content, service);
		return service;
	}
}

function contentOf(credential: ICredentialDataDecryptedObject): string {
	return JSON.stringify(credential);
}

/**
 * Finds out whether n8n looks at the item to resolve a credential. Nodes never see the expressions of a
 * credential, only what they return, so a number stands in that notes its use. Where n8n evaluates
 * expressions in an isolate, it cannot get in and reading fails: then the credential has expressions, too.
 */
export class IndexProbe {
	isUsed = false;

	/** Behaves as the number that it stands for: the first item's. */
	readonly index = {
		[Symbol.toPrimitive]: () => {
			this.isUsed = true;
			return 0;
		},
	} as unknown as number;
}
