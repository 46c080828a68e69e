import type { ICredentialDataDecryptedObject, INodeCredentialsDetails } from 'n8n-workflow';

import type { StoredCredential } from './types.mts';

/** Stands where n8n's encrypted credentials table is. Found by id first, by name second. */
export class CredentialStore {
	private readonly stored: Map<string, StoredCredential>;

	constructor(credentials: Record<string, StoredCredential> = {}) {
		this.stored = new Map(Object.entries(credentials));
	}

	/** @throws Error when there is none, or one of another type */
	read(reference: INodeCredentialsDetails, type: string): ICredentialDataDecryptedObject {
		return structuredClone(this.find(reference, type).data);
	}

	/** Kept for this engine's later runs, e.g. a token from preAuthentication. */
	update(
		reference: INodeCredentialsDetails,
		type: string,
		changes: ICredentialDataDecryptedObject,
	): void {
		Object.assign(this.find(reference, type).data, changes);
	}

	private find({ id, name }: INodeCredentialsDetails, type: string): StoredCredential {
		const found = this.stored.get(id ?? name) ?? this.stored.get(name);
		if (!found) {
			const known = [...this.stored.keys()].join(', ');
			throw new Error(`No credential with id "${id}" or name "${name}". Given: ${known}`);
		}
		if (found.type === type) return found;
		throw new Error(`Credential "${name}" is of type "${found.type}", the node wants "${type}"`);
	}
}
