import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	ICredentialsHelper,
	IDataObject,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { CredentialStore, CredentialValues, EngineCredentialTypes } from './credentials.mts';

/** Fills in a credential type's `authenticate` object: header, query, body and auth values. */
export function applyGenericAuthentication(
	{ properties }: IAuthenticateGeneric,
	request: IHttpRequestOptions,
	credentials: ICredentialDataDecryptedObject,
	{ workflow, node }: { workflow: Workflow; node: INode },
): IHttpRequestOptions {
	const resolve = (value: string) => resolveText(value, credentials, workflow, node);
	const target = request as unknown as Record<string, IDataObject>;
	for (const [part, values] of Object.entries(properties)) {
		const resolved = Object.entries(values as Record<string, string>).map(
			([name, value]) => [resolve(name), resolve(value)] as const,
		);
		target[part] = { ...target[part], ...Object.fromEntries(resolved) };
	}
	return request;
}

function resolveText(
	value: string,
	$credentials: ICredentialDataDecryptedObject,
	workflow: Workflow,
	node: INode,
): string {
	if (typeof value !== 'string' || !value.startsWith('=')) return value;
	const keys = { $credentials };
	const resolved = workflow.expression.getSimpleParameterValue(
		node,
		value,
		'internal',
		keys,
		undefined,
		'',
	);
	return resolved ? String(resolved) : '';
}

/** What n8n's credentials helper does, over credentials in memory and without encryption. */
export class EngineCredentialsHelper implements ICredentialsHelper {
	constructor(
		private readonly types: EngineCredentialTypes,
		private readonly store: CredentialStore,
		private readonly values: CredentialValues,
	) {}

	getParentTypes(name: string) {
		return this.types.getParentTypes(name);
	}

	getCredentialsProperties(name: string) {
		return this.types.getProperties(name);
	}

	isCredentialUsableByNode(name: string, nodeTypeName: string) {
		return this.types.isUsableBy(name, nodeTypeName);
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		reference: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		place?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.store.read(reference, type);
		if (raw === true) return stored;
		return this.values.complete(type, stored, { additionalData, mode, executeData, place });
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		incoming: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const request = incoming as IHttpRequestOptions;
		const { authenticate } = this.types.getByName(typeName);
		if (authenticate === undefined) return request;
		if (typeof authenticate === 'function') return await authenticate(credentials, request);
		if (!workflow || !node) throw new Error('Generic authentication needs a workflow and a node');
		return applyGenericAuthentication(authenticate, request, credentials, { workflow, node });
	}

	/** Asks for a token when there is none or it has expired, and keeps it for later runs. */
	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { properties } = this.types.getByName(typeName);
		const expirable = properties.find((property) => property.typeOptions?.expirable === true);
		if (!expirable) return undefined;
		if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
		const output = await this.runPreAuthentication(helpers, credentials, typeName);
		if (output?.[expirable.name] === undefined) return undefined;
		const reference = node.credentials?.[typeName];
		if (reference) this.store.update(reference, typeName, output);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const output = await this.types
			.getByName(typeName)
			.preAuthentication?.call(helpers, credentials);
		return output as ICredentialDataDecryptedObject | undefined;
	}

	async updateCredentials(
		reference: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.store.update(reference, type, data);
	}

	/** @throws Error always, as there is no browser in which to grant access */
	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('The in-process engine does not do OAuth');
	}

	/** @throws Error always: nothing is encrypted here */
	async getCredentials(): Promise<ICredentials> {
		throw new Error('The in-process engine has no encrypted credentials; use getDecrypted');
	}
}
