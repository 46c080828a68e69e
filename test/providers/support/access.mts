/** Whose credential the requests carry. */
export type CredentialType = 'aiChatsApi' | 'aiChatsOpenAiCompatibleApi';

/** What a user would type into the credential. */
export interface Access {
	type: CredentialType;
	sessionCookieSecret?: string;
	apiKey?: string;
	proxyUrl?: string;
	allowUnauthorizedCerts?: boolean;
}
