/** Who asks, told honestly. */
export const USER_AGENT =
	'n8n-nodes-aichats (+https://github.com/n8n-nodes-aichats/n8n-nodes-aichats)';
