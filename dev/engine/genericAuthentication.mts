import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	INode,
	Workflow,
} from 'n8n-workflow';

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
